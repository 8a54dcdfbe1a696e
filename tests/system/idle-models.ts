import { loadDetector } from '../../packages/pipeline/src';

/** `idle-models.ts MODELS`: loads the models, and is done. */
void loadDetector({ modelsDir: process.argv[2] }).then(() => console.log('loaded'));
