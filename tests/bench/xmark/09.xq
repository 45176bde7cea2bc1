<result>{
  let $sales := /site/closed_auctions/closed_auction, $european := /site/regions/europe/item
  for $person in /site/people/person
  let $items := for $sale in $sales
                where $person/@id = $sale/buyer/@person
                return
                  let $bought := for $item in $european where $sale/itemref/@item = $item/@id return $item
                  return <item>{$bought/name/text()}</item>
  return <person name="{$person/name/text()}">{$items}</person>
}</result>
