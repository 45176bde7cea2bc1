<result>{
  for $auction in /site/open_auctions/open_auction
  let $first := $auction/bidder[1]/increase/text(), $last := $auction/bidder[last()]/increase/text()
  where zero-or-one($first) * 2 <= $last
  return <increase first="{$first}" last="{$last}"/>
}</result>
