<result>{
  count(for $sale in /site/closed_auctions/closed_auction where $sale/price/text() >= 40 return $sale/price)
}</result>
