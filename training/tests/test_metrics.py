"""The measures against values worked out by hand and against scikit-learn."""

import numpy as np
import pytest
from bonafide_training import metrics
from bonafide_training import metrics_calibration as calibration
from bonafide_training import metrics_sources as sources
from sklearn.isotonic import isotonic_regression
from sklearn.metrics import brier_score_loss, roc_auc_score, roc_curve

LABELS = np.array([0, 0, 0, 0, 1, 1, 1, 1])
SCORES = np.array([0.1, 0.2, 0.3, 0.8, 0.25, 0.7, 0.9, 0.95])


def noisy(seed: int, size: int = 400, levels: int = 60) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, size)
    return np.round((rng.normal(labels, 1.0) + 4) / 9 * levels) / levels, labels


def test_when_one_clip_of_four_crosses_on_each_side_then_the_eer_is_a_quarter():
    assert metrics.eer(SCORES, LABELS) == pytest.approx(0.25)


def test_when_the_rates_cross_between_two_points_then_the_eer_is_on_the_line_between_them():
    # FPR 1/2 -> 0 and FNR 1/3 -> 1/3: equal at 1/3
    assert metrics.eer(np.array([1.0, 3.0, 2.0, 4.0, 5.0]), np.array([0, 0, 1, 1, 1])) == pytest.approx(1 / 3)


def test_when_all_scores_are_equal_then_the_eer_and_the_auc_are_one_half():
    assert metrics.eer(np.ones(6), np.array([0, 1, 0, 1, 1, 1])) == pytest.approx(0.5)
    assert metrics.auc(np.ones(6), np.array([0, 1, 0, 1, 1, 1])) == pytest.approx(0.5)


def test_when_classes_are_separated_then_every_error_is_zero():
    scores, labels = np.array([0.1, 0.2, 0.8, 0.9]), np.array([0, 0, 1, 1])
    assert metrics.eer(scores, labels) == 0.0
    assert metrics.min_dcf(scores, labels) == 0.0
    assert calibration.min_cllr(scores, labels) == pytest.approx(0.0)


@pytest.mark.parametrize("seed", range(5))
def test_when_scores_have_ties_then_auc_and_fnr_at_fpr_equal_scikit_learn(seed):
    scores, labels = noisy(seed)
    assert metrics.auc(scores, labels) == pytest.approx(roc_auc_score(labels, scores))
    fpr, tpr, _ = roc_curve(labels, scores, drop_intermediate=False)
    assert metrics.fnr_at_fpr(scores, labels, 0.05) == pytest.approx(np.min(1 - tpr[fpr <= 0.05]))
    share = np.linspace(0, 1, 100001)
    gap = np.abs(1 - np.interp(share, fpr, tpr) - share)
    assert metrics.eer(scores, labels) == pytest.approx(share[np.argmin(gap)], abs=2e-5)


def test_when_clips_weigh_twice_then_the_rates_equal_those_of_repeated_clips():
    scores, labels = noisy(3, 50)
    weights = np.random.default_rng(1).integers(0, 4, 50)
    repeated = np.repeat(scores, weights), np.repeat(labels, weights)
    assert metrics.eer(scores, labels, weights) == pytest.approx(metrics.eer(*repeated))
    assert metrics.auc(scores, labels, weights) == pytest.approx(metrics.auc(*repeated))
    assert metrics.rates_at(scores, labels, 0.5, weights) == pytest.approx(metrics.rates_at(*repeated, 0.5))


def test_when_a_group_is_ranked_against_all_real_clips_then_its_eer_equals_that_of_the_subset():
    scores, labels = noisy(4)
    groups = np.array([(labels == 1) & (np.arange(400) % 3 == rest) for rest in range(3)])
    rates = metrics.eer_by_group(metrics.rank(scores, labels), groups)
    for group, rate in zip(groups, rates):
        keep = group | (labels == 0)
        assert rate == pytest.approx(metrics.eer(scores[keep], labels[keep]))


def test_when_a_threshold_is_given_then_a_score_on_it_counts_as_fake():
    assert metrics.rates_at(SCORES, LABELS, 0.8) == (0.25, 0.5)


def test_when_costs_are_those_of_asvspoof_5_then_a_rejected_real_clip_costs_1_9_times_the_rate():
    # Threshold above 0.8: FPR 0, FNR 2/4 -> cost 0.5; above 0.3: FPR 1/4, FNR 1/4 -> 1.9/4 + 1/4 = 0.725
    assert metrics.min_dcf(SCORES, LABELS) == pytest.approx(0.5)
    blind_accept = np.full(8, 10.0)
    assert metrics.act_dcf(blind_accept, LABELS) == pytest.approx(1.0)
    assert metrics.act_dcf(-blind_accept, LABELS) == pytest.approx(1.9)


def test_when_a_ratio_lies_just_above_the_bayes_threshold_then_the_clip_is_accepted_as_real():
    edge = -np.log(1.9)
    assert metrics.act_dcf(np.array([edge + 1e-9, edge - 1e-9]), np.array([0, 1])) == 0.0
    assert metrics.act_dcf(np.array([edge - 1e-9, edge + 1e-9]), np.array([0, 1])) == pytest.approx(2.9)


def test_when_a_probability_is_calibrated_at_another_prior_then_the_prior_is_taken_out_of_the_ratio():
    assert calibration.llr_real_from_p_fake(np.array([0.2]))[0] == pytest.approx(np.log(4))
    assert calibration.llr_real_from_p_fake(np.array([0.2]), prior_fake=0.2)[0] == pytest.approx(0.0)


def test_when_ratios_say_nothing_then_cllr_is_one_bit():
    assert calibration.cllr(np.zeros(8), LABELS) == pytest.approx(1.0)
    assert calibration.cllr(np.array([np.log(3), -np.log(3)]), np.array([0, 1])) == pytest.approx(np.log2(4 / 3))


def test_when_violators_are_pooled_then_the_fit_equals_scikit_learn():
    rng = np.random.default_rng(0)
    values, weights = rng.normal(size=80) + np.arange(80) / 40, rng.uniform(0.5, 3, 80)
    fitted = calibration.pool_adjacent_violators(values, weights)
    assert fitted == pytest.approx(isotonic_regression(values, sample_weight=weights))


def test_when_scores_are_calibrated_at_best_then_min_cllr_is_below_cllr_and_ignores_the_scale():
    scores, labels = noisy(7)
    least = calibration.min_cllr(scores, labels)
    assert least == pytest.approx(calibration.min_cllr(np.exp(5 * scores), labels))
    for slope in (1.0, 4.0, 12.0):
        assert least <= calibration.cllr(-slope * (scores - 0.5), labels) + 1e-12


def test_when_an_uninformative_pair_is_calibrated_then_min_cllr_is_one_bit():
    assert calibration.min_cllr(np.array([0.9, 0.1]), np.array([0, 1])) == pytest.approx(1.0)


def test_when_bins_are_off_then_ece_is_their_weighted_gap():
    p = np.array([0.05, 0.05, 0.95, 0.95, 1.0])
    labels = np.array([0, 1, 1, 1, 1])
    # first bin: |0.05 - 0.5| * 2/5; last bin: |0.9667 - 1| * 3/5
    assert calibration.ece(p, labels) == pytest.approx(0.18 + 0.02)
    table = calibration.reliability(p, labels)
    assert [row["n"] for row in table] == [2, 0, 0, 0, 0, 0, 0, 0, 0, 3]
    assert table[1]["share_fake"] is None
    assert calibration.brier(p, labels) == pytest.approx(brier_score_loss(labels, p))


def test_when_sources_differ_in_level_then_only_the_auc_inside_each_counts():
    scores = np.array([0.1, 0.1, 0.2, 0.2, 0.8, 0.8, 0.9, 0.9, 0.5, 0.5])
    labels = np.array([0, 0, 1, 1, 0, 0, 1, 1, 1, 1])
    names = ["a"] * 4 + ["b"] * 4 + ["only-fake"] * 2
    result = sources.within_source_auc(scores, labels, names, min_per_class=2)
    assert result["mean"] == 1.0 and result["weighted"] == 1.0
    assert [row["source"] for row in result["sources"]] == ["a", "b"]
    assert metrics.auc(scores, labels) < 0.8


def test_when_sources_are_resampled_then_their_clips_stay_together_and_the_draw_repeats():
    names = ["a", "a", "b", "c", "c", "c"]
    weights = sources.source_weights(names, 200, seed=1)
    assert np.array_equal(weights, sources.source_weights(names, 200, seed=1))
    assert np.array_equal(weights[:, 0], weights[:, 1]) and np.array_equal(weights[:, 3], weights[:, 5])
    assert np.all(weights[:, 0] + weights[:, 2] + weights[:, 3] == 3)
    assert sources.interval(lambda row: float(np.sum(row)), np.ones((40, 6))) == [6.0, 6.0]
    assert sources.interval(lambda row: float("nan"), weights) is None


@pytest.mark.parametrize("scores, labels", [([], []), ([1.0], [0, 1]), ([float("nan"), 1.0], [0, 1])])
def test_when_scores_cannot_be_ranked_then_an_error_says_so(scores, labels):
    with pytest.raises(ValueError):
        metrics.eer(np.array(scores), np.array(labels))
