const STEPS = 256;

/** 256 colours over three given as `rgb(…)`, each as four numbers of 0..1. */
export function colourRamp(stops: readonly [low: string, middle: string, high: string]): number[][] {
  const [low, middle, high] = stops.map(channelsOf);
  return Array.from({ length: STEPS }, (_, step) => {
    const place = (2 * step) / (STEPS - 1);
    return place <= 1 ? blend(low, middle, place) : blend(middle, high, place - 1);
  });
}

const channelsOf = (colour: string) =>
  (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map((channel) => Number(channel) / 255);

const blend = (from: readonly number[], to: readonly number[], share: number) => [
  ...from.map((channel, index) => channel + (to[index] - channel) * share),
  1,
];
