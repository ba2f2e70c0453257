-- wrk -s load.lua URL PATH AMONG: PATH alone, or, where AMONG is above 1, PATH followed by a
-- number below it, by chance: the same numbers in each run.

local requests = {}

function init(args)
  local path, among = args[1], tonumber(args[2])
  math.randomseed(1)
  if among == 1 then
    requests[1] = wrk.format("GET", path)
  else
    for number = 1, among do
      requests[number] = wrk.format("GET", path .. (number - 1))
    end
  end
end

function request()
  return requests[math.random(#requests)]
end

function done(summary, latency)
  local e = summary.errors
  local errors = e.connect + e.read + e.write + e.status + e.timeout
  print(string.format("measured %d %d %d %d %d %d", summary.requests, summary.duration,
    summary.bytes, errors, latency:percentile(50), latency:percentile(99)))
end
