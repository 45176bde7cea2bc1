<result>{
  for $auction in /site/open_auctions/open_auction
  where some $early in $auction/bidder/personref[@person = 'person20'],
             $late in $auction/bidder/personref[@person = 'person51'] satisfies $early << $late
  return <history>{$auction/reserve/text()}</history>
}</result>
