<result>{
  for $item in /site/regions//item
  let $name := $item/name/text()
  order by zero-or-one($item/location) ascending empty greatest
  return <item name="{$name}">{$item/location/text()}</item>
}</result>
