-- Unknown addresses, each once. Arguments: the number of the first.
local number = 0

function init(args)
  number = tonumber(args[1])
end

function request()
  number = number + 1
  return wrk.format("GET", string.format("/guess%d", number))
end
