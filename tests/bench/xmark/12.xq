<result>{
  for $person in /site/people/person
  let $affordable := for $initial in /site/open_auctions/open_auction/initial
                     where $person/profile/@income > 5000 * exactly-one($initial/text())
                     return $initial
  where $person/profile/@income > 50000
  return <items person="{$person/profile/@income}">{count($affordable)}</items>
}</result>
