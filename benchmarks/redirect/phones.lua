-- 10,000 codes in turn, asked for by phones. Arguments: a file with one slug per line.
local agents = {
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
  "Mozilla/5.0 (Linux; Android 13; Redmi Note 12) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Mobile Safari/537.36",
}
local requests = {}
local number = 0

function init(args)
  for slug in io.lines(args[1]) do
    local headers = {
      ["User-Agent"] = agents[#requests % #agents + 1],
      ["Accept"] = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
      ["Accept-Language"] = "hi-IN,hi;q=0.9,en-IN;q=0.8,en;q=0.7",
      ["Accept-Encoding"] = "gzip, deflate, br",
    }
    requests[#requests + 1] = wrk.format("GET", "/" .. slug, headers)
  end
end

function request()
  number = number % #requests + 1
  return requests[number]
end
