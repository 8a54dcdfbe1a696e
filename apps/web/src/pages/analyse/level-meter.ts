const SILENCE_DBFS = -60;

/** Tells the level of a stream, dB below full scale, with every frame drawn. @returns how to stop */
export function meterOf(stream: MediaStream, onLevel: (dbfs: number) => void): () => void {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 2048;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let frame = 0;
  const measure = () => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    onLevel(Math.max(SILENCE_DBFS, 10 * Math.log10(power + 1e-12)));
    frame = requestAnimationFrame(measure);
  };
  measure();
  return () => {
    cancelAnimationFrame(frame);
    void context.close();
  };
}
