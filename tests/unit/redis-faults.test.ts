import { CodedError } from '@bonafide/contracts';
import { redisFault } from '@bonafide/platform';

const FULL = 'MISCONF Errors writing to the AOF file: No space left on device';

test.each<[string, string, Error]>([
  ['nobody answers', 'unavailable', new Error('Command timed out')],
  ['the connection broke', 'unavailable', new Error('Connection is closed.')],
  ['it is starting', 'unavailable', new Error('LOADING Redis is loading the dataset in memory')],
  [
    'it has no memory left',
    'unavailable',
    new Error("OOM command not allowed when used memory > 'maxmemory'."),
  ],
  [
    'a script could not write',
    'unavailable',
    new Error('ERR Error running script: @user_script:1: READONLY x'),
  ],
  ['its disk is full', 'storage_full', new Error(FULL)],
  [
    'a transaction was given up for it',
    'storage_full',
    Object.assign(new Error('EXECABORT Transaction discarded.'), { previousErrors: [new Error(FULL)] }),
  ],
])('When %s, then Redis is at fault: %s', (_what, code, error) => {
  expect(redisFault(error)).toMatchObject({ code, cause: error });
});

test('When we asked wrongly, or another part is at fault, then the error stays as it is', () => {
  for (const error of [new Error('WRONGTYPE Operation against a key'), new CodedError('not_found'), 'text'])
    expect(redisFault(error)).toBe(error);
});
