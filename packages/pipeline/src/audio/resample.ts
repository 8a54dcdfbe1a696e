export { resample } from '../signal/resample';
