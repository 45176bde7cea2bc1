<result>{
  for $item in /site/regions/australia/item
  return <item name="{$item/name/text()}">{$item/description}</item>
}</result>
