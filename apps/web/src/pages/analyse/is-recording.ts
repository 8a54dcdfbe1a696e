import { signal } from '@preact/signals';

/** Whether somebody speaks into the recorder: nothing else may then take the page away. */
export const isRecording = signal(false);
