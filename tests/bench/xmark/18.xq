declare function local:euros($guilders as xs:decimal?) as xs:decimal? { 2.20371 * $guilders };
<result>{
  for $auction in /site/open_auctions/open_auction
  return local:euros(zero-or-one($auction/reserve))
}</result>
