<result>{
  for $person in /site/people/person
  let $affordable := for $initial in /site/open_auctions/open_auction/initial
                     where $person/profile/@income > 5000 * exactly-one($initial/text())
                     return $initial
  return <items name="{$person/name/text()}">{count($affordable)}</items>
}</result>
