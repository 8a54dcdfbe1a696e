/** `npm test` runs these suites in short; `npm run test:faults` sets FAULTS=full. */
export const isFull = process.env.FAULTS === 'full';

export const scaled = (inShort: number, inFull: number): number => (isFull ? inFull : inShort);
