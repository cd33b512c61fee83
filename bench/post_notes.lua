-- wrk: posts notes, each with an Idempotency-Key and a title of its own; one line of figures at the end.
local before, after = os.getenv("NOTE_BEFORE"), os.getenv("NOTE_AFTER")
local run, count = os.getenv("NOTE_RUN"), 0

wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer " .. os.getenv("NOTE_KEY")

request = function()
  count = count + 1
  wrk.headers["Idempotency-Key"] = run .. "-" .. count
  return wrk.format(nil, nil, nil, before .. run .. "-" .. count .. after)
end

done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    "\nFOUND %d %f %d %f %f\n", summary.requests, summary.duration / 1e6,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
