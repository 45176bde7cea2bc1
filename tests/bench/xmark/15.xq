<result>{
  for $keyword in /site/closed_auctions/closed_auction/annotation/description/parlist/listitem
                  /parlist/listitem/text/emph/keyword/text()
  return <text>{$keyword}</text>
}</result>
