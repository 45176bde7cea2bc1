declare namespace f='http://www.gonicus.de/Events';
string-length(string-join(
  for $m in ./f:Event/f:NodeCapabilities/f:NodeMethod
  return concat($m/f:Name, '(', upper-case($m/f:Signature), ') of ', $m/f:Path), '; ')) > 500
