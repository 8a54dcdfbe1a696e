/** The one frame grid that all spectral families share. */
export const ANALYSIS_RATE_HZ = 22_050;
export const FRAME_SIZE = 1024;
export const HOP_SIZE = 256;
export const FRAME_RATE_HZ = ANALYSIS_RATE_HZ / HOP_SIZE;
export const BIN_HZ = ANALYSIS_RATE_HZ / FRAME_SIZE;
/** Nothing above is looked at, so that a lossless clip's own sample rate (16 to 48 kHz) cannot show. */
export const TOP_HZ = 7600;
/** Bins 0..BIN_COUNT-1 lie at or below TOP_HZ. */
export const BIN_COUNT = Math.floor(TOP_HZ / BIN_HZ) + 1;
/** A frame counts as speech within this distance of the window's 95th percentile of frame levels. */
export const ACTIVE_RANGE_DB = 35;
/** Bins are floored this far below the mean bin of the loudest frames: digital silence is no feature. */
export const FLOOR_DB = 70;

export function binOfHz(hz: number): number {
  return Math.min(BIN_COUNT - 1, Math.max(0, Math.round(hz / BIN_HZ)));
}

/** Frames in a stretch of `sampleCount` samples: no padding at either end. */
export function frameCountOf(sampleCount: number, size = FRAME_SIZE, hop = HOP_SIZE): number {
  return sampleCount < size ? 0 : 1 + Math.floor((sampleCount - size) / hop);
}
