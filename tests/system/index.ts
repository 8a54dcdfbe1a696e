export * from './child';
export * from './folders';
export * from './ports';
export * from './redis-server';
export * from './s3-server';
export * from './system';
export * from './until';
export * from './schemathesis';
