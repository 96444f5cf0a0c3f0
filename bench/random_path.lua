-- wrk: ask for a random one of the articles sleep-1 … sleep-N, or search for five random words of them.
local n = tonumber(os.getenv("ARTICLES"))
local words = { "while", "sleep", "brain", "clears", "away", "what", "day", "left", "behind", "memories", "settle" }
math.randomseed(os.time())
function request()
  if wrk.path ~= "/search/" then
    return wrk.format("GET", "/articles/sleep-" .. math.random(n) .. "/")
  end
  local chosen = {}
  for i = 1, 5 do chosen[i] = words[math.random(#words)] end
  return wrk.format("GET", "/search/?q=" .. table.concat(chosen, "+"))
end
