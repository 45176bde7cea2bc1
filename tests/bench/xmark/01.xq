<result>{
  /site/people/person[@id = 'person0']/name/text()
}</result>
