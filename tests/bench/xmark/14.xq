<result>{
  for $item in /site//item
  where contains(string(exactly-one($item/description)), 'gold')
  return $item/name/text()
}</result>
