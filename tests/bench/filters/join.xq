declare namespace f='http://www.gonicus.de/Events';
let $methods := ./f:Event/f:NodeCapabilities/f:NodeMethod
return count(for $a in $methods, $b in $methods
             where $a/f:Path = concat('Phones.', $b/f:Name)
             return $a) = 20
