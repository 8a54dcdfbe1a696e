export * from './errors';
export * from './manifest';
export * from './report';
