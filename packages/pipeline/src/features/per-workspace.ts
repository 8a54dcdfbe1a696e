import type { WindowAnalysis } from './analysis';

/** Calls `build` once a workspace: the analysis gets a larger one when a longer window comes. */
export function perWorkspace<T>(build: (analysis: WindowAnalysis) => T): (analysis: WindowAnalysis) => T {
  let last: { of: WindowAnalysis['workspace']; built: T } | undefined;
  return (analysis) => {
    if (last?.of !== analysis.workspace) last = { of: analysis.workspace, built: build(analysis) };
    return last.built;
  };
}
