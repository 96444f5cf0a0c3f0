-- wrk: ask for a random one of the articles sleep-1 … sleep-N (N from the environment).
local n = tonumber(os.getenv("ARTICLES"))
math.randomseed(7)
function request()
  return wrk.format("GET", "/articles/sleep-" .. math.random(n) .. "/")
end
