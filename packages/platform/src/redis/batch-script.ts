/**
 * Moves one entry of a batch from its state to another and keeps the sums true, in one step: several workers end
 * entries at once, and each may be told of more than once. What has ended does not move again; what stands behind
 * the last entry of a batch whose list is closed is none of it.
 *
 * KEYS: sums, states. ARGV: entry, status, state, seconds to keep, then the sums it counts in beside its status.
 */
export const MOVE = `
local ended = { succeeded = true, failed = true, canceled = true }
local before = redis.call('HGET', KEYS[2], ARGV[1])
local status = before and cjson.decode(before)['status']
local sums = redis.call('HMGET', KEYS[1], 'expanded', 'total_entries')
local isListed = sums[1] ~= '1' or tonumber(ARGV[1]) < tonumber(sums[2])
local moved = 0
if isListed and not (status and ended[status]) and status ~= ARGV[2] then
  moved = 1
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
  if status and status ~= 'queued' then redis.call('HINCRBY', KEYS[1], status, -1) end
  if ARGV[2] ~= 'queued' then redis.call('HINCRBY', KEYS[1], ARGV[2], 1) end
  for place = 5, #ARGV do redis.call('HINCRBY', KEYS[1], ARGV[place], 1) end
  redis.call('EXPIRE', KEYS[1], ARGV[4])
  redis.call('EXPIRE', KEYS[2], ARGV[4])
end
return { moved, redis.call('HGETALL', KEYS[1]) }
`;

/** Takes one entry and what it counted in off the board, once. KEYS: sums, states. ARGV: entry, then its sums. */
export const LEAVE_OUT = `
if redis.call('HDEL', KEYS[2], ARGV[1]) == 1 then
  for place = 2, #ARGV do redis.call('HINCRBY', KEYS[1], ARGV[place], -1) end
end
`;
