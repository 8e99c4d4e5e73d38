"""First names that many people in France bear, folded and without hyphens: between two of them a letter makes a
difference. The platform adds those that its own pupils bear (`candidates.usual_names`)."""

USUAL = frozenset(
    """
abdallah abdel abdoul abel abigail achille adam adama adele adelie adeline adem adil adrian adrien agathe aicha aida
aissata alan alba alban albane albert alessio alex alexandra alexandre alexia alexis alice alicia alienor alina aline
alix alma aloys alya alyssa amadou amalia amanda amandine amaury ambre amelia amelie amina aminata amine amir amira
ana anae anais anastasia andre andrea andreas anis anissa anita anna annabelle anne annie anouk anthony antoine
antonin antonio apolline ariane aristide armand armelle arnaud arthur assia astrid aude audrey augustin aurelia
aurelie aurelien aurore awa axel axelle aya ayline aymen aymeric ayoub baptiste basile bastien benjamin benoit
berenice bertrand bettina bilal blanche boubacar brahim brice brigitte bruno calvin camelia camila camille candice
capucine carla carole caroline cassandra cassie catherine cecile cecilia celeste celestin celia celine chadi chahine
charles charlie charlotte chiara chloe christelle christian christine christophe claire clara clarisse claude clea
clemence clement clementine cleo cloe clotilde colin coline come constance constant corentin corinne coumba cyprien
cyril cyrille daniel daniela danielle daphne dario david deborah delphine denis denise diane dimitri dina dominique
dorian dylan ebrahim eden edgar edouard elea eleana elena eleonore elia eliana elias elie eliette elif elina eline
eliot eliott elisa elise ella ellie eloan elodie eloise elsa elyas emeline emeric emie emile emilie emilien emily emma
emmanuel emmanuelle emmy enora enzo eric erika erwan esteban estelle esther ethan etienne eugenie eulalie eva evan eve
fabien fabio fabrice fanny farah faris fatima fatou fatoumata faustine felicie felix fiona firmin flavie flavien fleur
flora florence florent florian florine francine franck francois francoise frederic frederique gabin gabriel gabriela
gabrielle gael gaelle garance gaspard gaston gautier genevieve geoffrey georges gerard germain ghislain gilles giulia
grace gregoire gregory guilhem guillaume gustave guy gwenael gwenaelle habib hafsa hajar hakim halima hamza hana hanna
hannah harold harry hassan helene heloise henri henry hippolyte honore hortense hugo hugues ian ibrahim ibrahima idris
idriss ilan ilhan ilian iliana ilona ilyan ilyas ilyes imane imran imrane ines ingrid irene iris isaac isabelle isaure
ismael issa ivan jacqueline jacques jade james janelle jasmine jason jawad jean jeanbaptiste jeanne jennifer jeremie
jeremy jerome jessica joachim joan joana joel joelle johan johanna john jonas jonathan joris joseph josephine joshua
joy juan jude judith jules julia julian julie julien julienne juliette justin justine kadiatou kaila kais kamil karim
karima karine kelia kelly kelyan kenza kevin khadija khalil killian kylian ladislas laetitia lahna lali lana lara
laura laure laureline lauren laurence laurent lauriane laurine layana lea leana leandre leandro leane leila lena
lenaic lenny leo leon leonard leonie leonore leony leopold leslie leticia leyna lia liam lila lili lilia lilian
liliane lilie lilou lily lina line lino lisa lise lison liv livia livio loan loane lohan lois lola lorenzo loris
lorraine lou louan louane louca loucas loucie louis louisa louise louka loukas louna lounis luc luca lucas luce
lucette lucia lucie lucien lucienne lucile lucy ludivine ludovic luis luka lukas luna lya lyam lyana lydia lyes lyla
lylia lyna lynn maceo mael maelie maelle maelys maeva magali mahe maia maimouna maissa malak malek malia malik malo
malone mamadou manel manon manuel mara marc marceau marcel marcelle marco margaux margot marguerite maria mariam
marianne marie marielle marilou marin marina marine marion marius marlon marouane marta martha martial martin martine
marwa marwan mary maryam maryse massil mateo matheo mathias mathieu mathilda mathilde mathis mathurin mathys matis
matisse matteo matthias matthieu maud maurice mavrick max maxence maxime maximilien maya mayar mayline mayssa mehdi
melanie melia melina meline melissa melodie melvin mia micha michael michel michele michelle mickael mila milan milena
milhan milla milo mina mira miriam mohamed mohammed moise mona monique morgan morgane moussa mya myla mylan myriam
nabil nada nadege nadia nadine nael naelle nahel naim naima nais nantenin naomi nassim natalia nathalie nathan
nathanael neil nelia nelly nelson nicolas nicole nils nina nino noa noah noam noe noel noelie noelle noemie nolan
nolann nora norah noralie nour octave odile odin olga olivia olivier olympe omar ophelie oriane orlane oscar oumar
oumou ousmane pablo pacome paola pascal pascale patrice patricia patrick paul paula paule paulin pauline pedro
penelope perrine philippe philomene pia pierre pierrick priscilla prune quentin rachel rafael raphael raphaelle raul
rayan rayane raymond rebecca regine regis reine remi remy renan renaud rene renee ricardo richard rita rivka robert
robin robinson roger rokia roland romain romaine romane romeo romy ronan rosa rosalie rose roxane ruben ryad ryan
sabine sabrina sacha safa safia salim salima salma salome salomon sam samba sami samia samir samuel samy sana sandra
sandrine sandro sara sarah sasha satine saul sebastien selena selene selim selma serena serge serine severine shaina
shana shanna shirine sibylle sidonie simeon simon simone sirine sixtine soan sofia sofiane sohan solal solene soline
sonia sophia sophie soraya souleymane stella stephane stephanie suzanne suzie sybille sydney sylvain sylvie tal
tancrede tania tao taylor tess tessa thais thea thelma theo theodora theodore theophile theotime theresa therese
thibaud thibault thierry thomas tiago tifany tim timeo timothe timothee titouan tom tony tristan tylan ulysse valentin
valentina valentine valerie vanessa vera veronique vianney victoire victor victoria vincent violette virgile virginie
viviane vivien wael walid wassil wassim wendie wendy wesley william willy xavier yacine yael yahya yanis yaniss yann
yannick yannis yasmina yasmine yassin yassine ylan yoan yoann yohan yohann yolande youcef younes yousra youssef
youssra yvan yves yvette yvonne zacharie zachary zahra zaynab zeineb zelie zeynep zina zineb ziyad zoe zohra
""".split()  # noqa: SIM905 - a list of a thousand lines says no more
)
