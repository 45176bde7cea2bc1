<result>{
  for $sale in /site/closed_auctions/closed_auction
  where exists($sale/annotation/description/parlist/listitem/parlist/listitem/text/emph/keyword/text())
  return <person id="{$sale/seller/@person}"/>
}</result>
