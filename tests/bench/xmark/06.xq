<result>{
  for $regions in //site/regions return count($regions//item)
}</result>
