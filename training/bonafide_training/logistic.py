"""Ridge logistic regression whose sources may have intercepts of their own while it is fitted."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize

MAX_ITERATIONS = 200


def fit_logistic(rows: np.ndarray, labels: np.ndarray, weights: np.ndarray, ridge: float,
                 sources: np.ndarray | None = None, source_ridge: float = 1e-3) -> tuple[np.ndarray, float]:
    """Coefficients [c] and intercept of the weighted, ridged logistic regression on standardised rows [n, c].

    With `sources` [n] each source has an intercept too (fixed effects, ridged by `source_ridge`): what merely
    tells one source's recordings from another's then earns no coefficient. They are dropped afterwards.
    """
    count, columns = rows.shape
    share = weights / weights.sum()
    sign = np.where(labels == 1, 1.0, -1.0)
    groups, group_of = (np.array([]), None) if sources is None else np.unique(sources, return_inverse=True)

    def loss(p: np.ndarray) -> tuple[float, np.ndarray]:
        margin = (rows @ p[:columns].astype(rows.dtype)).astype(np.float64) + p[columns]
        if group_of is not None:
            margin = margin + p[columns + 1 :][group_of]
        margin = sign * margin
        slope = -share * sign / (1.0 + np.exp(np.minimum(margin, 500)))
        gradient = np.empty_like(p)
        gradient[:columns] = slope.astype(rows.dtype) @ rows + ridge * p[:columns]
        gradient[columns] = slope.sum()
        value = float((share * np.logaddexp(0.0, -margin)).sum() + 0.5 * ridge * (p[:columns] ** 2).sum())
        if group_of is not None:
            own = p[columns + 1 :]
            gradient[columns + 1 :] = np.bincount(group_of, weights=slope, minlength=len(groups)) + source_ridge * own
            value += 0.5 * source_ridge * float((own**2).sum())
        return value, gradient

    start = np.zeros(columns + 1 + len(groups))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": MAX_ITERATIONS})
    return found.x[:columns], float(found.x[columns])
