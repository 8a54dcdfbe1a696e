import { STATUSES } from './index-keys';

/**
 * How far a status is: it never goes back. An end stays as it is, so that a worker that was thought dead
 * cannot take it back, and nobody is told twice.
 */
const RANKS = 'local rank = { queued = 1, processing = 2, succeeded = 3, failed = 3, canceled = 3 }';
/** KEYS: 1 the entry, 2 what is open, 3 the tenant's list, 4 to 8 its lists by status. */
const FIRST_STATUS_KEY = 4;
const NAMES = STATUSES.map((status) => `'${status}'`).join(', ');

const PUT_IN_LISTS = `
local function put_in_lists(status, id, member, moment)
  redis.call('ZADD', KEYS[3], 0, id)
  for i, name in ipairs({ ${NAMES} }) do
    local key = KEYS[${FIRST_STATUS_KEY - 1} + i]
    if name == status then redis.call('ZADD', key, 0, id) else redis.call('ZREM', key, id) end
  end
  if rank[status] < 3 then redis.call('ZADD', KEYS[2], moment, member) end
end
`;

/**
 * Puts an analysis into its lists, unless more is known of it than the caller knows.
 * KEYS from 9: the lists it is in for good. ARGV: status, id, member, moment, seconds that the entry is kept, submission.
 */
export const PLACE = `
${RANKS}
${PUT_IN_LISTS}
local status, id, member = ARGV[1], ARGV[2], ARGV[3]
local known = redis.call('HGET', KEYS[1], 'status')
if known and rank[known] >= rank[status] then
  status = known
elseif rank[status] < 3 or known then
  redis.call('HSET', KEYS[1], 'status', status)
  if status == 'queued' then redis.call('HSET', KEYS[1], 'submission', ARGV[6]) end
  redis.call('EXPIRE', KEYS[1], ARGV[5])
end
put_in_lists(status, id, member, ARGV[4])
for i = ${FIRST_STATUS_KEY + STATUSES.length}, #KEYS do redis.call('ZADD', KEYS[i], 0, id) end
`;

/**
 * Notes a change and tells of it. KEYS[9]: the stream. ARGV as above but for the submission, then progress, time, the
 * event, whether it is the last, events kept, seconds that they are kept, and the two channels with the name for the
 * second.
 */
export const ADVANCE = `
${RANKS}
${PUT_IN_LISTS}
local status, id, member = ARGV[1], ARGV[2], ARGV[3]
local known = redis.call('HGET', KEYS[1], 'status')
if known and (rank[known] == 3 or rank[known] > rank[status]) then return 0 end
redis.call('HSET', KEYS[1], 'status', status, 'progress', ARGV[6])
redis.call('HDEL', KEYS[1], 'submission')
if status == 'processing' then redis.call('HSETNX', KEYS[1], 'started_at', ARGV[7]) end
redis.call('EXPIRE', KEYS[1], ARGV[5])
if known ~= status then put_in_lists(status, id, member, ARGV[4]) end
redis.call('XADD', KEYS[9], 'MAXLEN', '~', ARGV[10], '*', 'type', status, 'data', ARGV[8], 'last', ARGV[9])
redis.call('EXPIRE', KEYS[9], ARGV[11])
redis.call('PUBLISH', ARGV[12], ARGV[8])
redis.call('PUBLISH', ARGV[13], ARGV[14])
return 1
`;
