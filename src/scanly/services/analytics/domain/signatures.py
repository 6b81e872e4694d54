"""What programs call themselves in ``User-Agent``: our own rules, in the order in which they are tried.

They run in the Rust engine that ua-parser uses (about 10 µs a string; Python's ``re`` takes 1 ms), whose patterns know
no look-around and start case-sensitive.

Three kinds of evidence, strongest first: a name we know, a word that only programs use, and a shape that no browser
has. A name is written so that phones, apps and people's browsers that contain it stay people: the phone maker Cubot,
the in-app browsers of Pinterest, Instagram, LinkedIn or Telegram.
"""

import re
from dataclasses import dataclass
from functools import cache

from ua_parser_rs import UserAgentExtractor

from scanly.contracts.analytics import Reason


@dataclass(frozen=True)
class Signature:
    """One rule: ``reason`` is the stable word, ``words`` are the alternatives, without regard to case."""

    reason: Reason
    words: tuple[str, ...]


LINK_PREVIEW = Signature(
    Reason.LINK_PREVIEW,
    (
        r"facebookexternalhit",
        r"facebookcatalog",
        r"\bfacebot\b",
        r"^WhatsApp\b",
        r"TelegramBot",
        r"Slackbot",
        r"Slack-ImgProxy",
        r"Twitterbot",
        r"LinkedInBot",
        r"Discordbot",
        r"SkypeUriPreview",
        r"Teams(?:LinkPreview|bot)",
        r"vkShare",
        r"Pinterest(?:bot\b|/0\.)",
        r"redditbot",
        r"Mattermost-Bot",
        r"Rocket\.Chat",
        r"Zulip(?:URLEmbed|Bot)",
        r"Snap URL Preview",
        r"kakaotalk-scrap",
        r"line-poker",
        r"ViberBot|^Viber\b",
        r"\bSynapse\b.*\bbot\b",
        r"Mastodon/",
        r"Pleroma|Misskey|Friendica|Lemmy/",
        r"Bluesky Cardyb",
        r"Iframely",
        r"Embedly",
        r"bitlybot",
        r"Quora[ -]Link[ -]Preview",
        r"Tumblr/\d",
        r"Google-(?:PageRenderer|Messages-Preview)",
        r"BingPreview",
        r"(?:link|url|page|web|site)[ _-]?(?:preview|expander|unfurl)",
        r"MetaInspector",
        r"Flipboard(?:Proxy|RSS)",
        r"Nuzzel|Yahoo Link Preview|Trello\b.*bot|Notion(?:Embedder|Bot)",
        r"ZoomBot|GroupMeBot|Telegram Instant View|Wire LinkPreview|GuildedBot",
    ),
)

AI_CRAWLER = Signature(
    Reason.AI_CRAWLER,
    (
        r"GPTBot",
        r"ChatGPT(?:-User| Agent)",
        r"OAI-SearchBot",
        r"Claude(?:Bot|-Web|-User|-SearchBot)",
        r"anthropic-ai",
        r"Perplexity(?:Bot|-User)",
        r"CCBot",
        r"Bytespider",
        r"Google-(?:Extended|NotebookLM|CloudVertexBot)",
        r"Gemini-Deep-Research",
        r"Applebot-Extended",
        r"Amazonbot",
        r"meta-external(?:agent|fetcher|hit)",
        r"FacebookBot",
        r"cohere-(?:ai|training)",
        r"Diffbot",
        r"AI2Bot",
        r"YouBot",
        r"DuckAssistBot",
        r"MistralAI",
        r"Timpibot",
        r"ImagesiftBot",
        r"omgili",
        r"DeepSeek",
        r"GrokBot|xAI-Bot",
        r"PanguBot|ChatGLM|Kangaroo Bot|Sidetrade|iaskspider|LinerBot|Devin/|NovaAct|Firecrawl",
    ),
)

SEARCH_ENGINE = Signature(
    Reason.SEARCH_ENGINE,
    (
        r"Googlebot",
        r"AdsBot-Google",
        r"Mediapartners",
        r"GoogleOther",
        r"(?:APIs|Storebot|DuplexWeb)-Google|^FeedFetcher-Google",
        r"Google(?:-InspectionTool|-Site-Verification|-Read-Aloud|-Adwords|-Safety|AssociationService|Producer)",
        r"Google (?:Favicon|Web Preview|Search Console|-Structured)",
        r"bingbot",
        r"adidxbot",
        r"msnbot",
        r"Yandex\w*Bot|Yandex(?:Accessibility|Antivirus|Blogs|Calendar|Catalog|Direct|Favicons|ForDomain|Image|Market",
        r"Media|Metrika|News|Ontodb|Pagechecker|Partner|RCA|Render|Screenshot|Sitelinks|Spider|Sprav|Tracker|Turbo",
        r"Userproxy|Vertical|Vertis|Video|Webmaster|Zen)",
        r"Baiduspider",
        r"DuckDuck(?:Bot|Go-Favicons)",
        r"Sogou.{0,14}spider",
        r"360Spider",
        r"Slurp",
        r"Seznam(?:Bot)?",
        r"Qwant(?:ify|bot)",
        r"\bYeti/",
        r"Naver(?:Bot|Robot)",
        r"Applebot",
        r"PetalBot",
        r"AspiegelBot",
        r"coccoc",
        r"MojeekBot",
        r"Exabot",
        r"Daum(?:oa)?\b",
        r"Teoma|ia_archiver|archive\.org_bot|Gigabot|BraveBot|Kagi|Ecosia\w*bot",
    ),
)

HEADLESS = Signature(
    Reason.HEADLESS_BROWSER,
    (
        r"Headless",
        r"PhantomJS",
        r"SlimerJS",
        r"Puppeteer",
        r"Playwright",
        r"Selenium",
        r"WebDriver",
        r"HtmlUnit",
        r"\bjsdom\b",
        r"Cypress/",
        r"CasperJS",
        r"Nightmare",
        r"Splash\b",
        r"TestCafe",
        r"Prerender",
        r"Rendertron",
        r"browserless|BrowserStack|Lambdatest|Sauce Labs",
    ),
)

MONITOR = Signature(
    Reason.MONITOR,
    (
        r"UptimeRobot",
        r"Pingdom",
        r"StatusCake",
        r"Site24x7",
        r"GTmetrix",
        r"Lighthouse",
        r"PageSpeed|PTST/|WebPageTest",
        r"Datadog",
        r"NewRelic|New Relic",
        r"Better (?:Uptime|Stack)",
        r"updown\.io",
        r"Checkly",
        r"check_http",
        r"Nagios|Zabbix|Icinga|Munin|Prometheus|Blackbox|Zgrab",
        r"HetrixTools|Freshping|FreshpingBot|NodePing|Uptime(?:[- ]?Kuma|Bot|\.com|/)",
        r"Pingometer|Montastic|Monitis|Monit/|AlertSite|Catchpoint|DynatraceSynthetic|RuxitSynthetic|Dareboot|DareBoost",
        r"kube-probe|ELB-HealthChecker|GoogleHC|GoogleStackdriverMonitoring|Amazon-Route53-Health|HealthCheck",
        r"(?:Dead ?)?Link ?(?:Checker|Check|Validator|Walker|Scan|Sleuth)|Xenu|LinkChecker|checklink",
        r"W3C[-_]|Validator|Nu Html|CSSCheck",
        r"Nessus|Nikto|sqlmap|Nmap|masscan|ZAP/|Burp|Nuclei|WPScan|Acunetix|Qualys|Netsparker|OpenVAS|Detectify",
        r"Censys|Shodan|InternetMeasurement|Expanse|Palo Alto|Netcraft|SecurityTrails|Project ?Discovery|zgrab",
        r"SiteLock|Sucuri|SafeBrowsing|Barracuda|Proofpoint|Mimecast|URLScan|urlscan|VirusTotal|PhishTank",
    ),
)

HTTP_TOOL = Signature(
    Reason.HTTP_TOOL,
    (
        r"^curl\b|\bcurl/\d|libcurl|PycURL",
        r"^wget\b|\bWget/",
        r"python-?(?:requests|urllib|httpx|aiohttp)?/|\bPython[ -]|aiohttp|httpx|urllib|\bScrapy|mechanize|treq",
        r"Go[- ]?(?:http|package)|Go http package|^fasthttp|go-resty|^colly|gocolly|^Go ",
        r"okhttp|^Java/|\bJava/\d|Jakarta|Apache-?HttpClient|HttpComponents|HttpURLConnection|Jersey/|Jetty|^Ktor|Jsoup",
        r"AsyncHttpClient|ReactorNetty|Vert\.x|unirest|Apache-CXF",
        r"libwww|LWP|\bPerl\b|WWW-Mechanize|Mojolicious",
        r"^axios|node-fetch|\bundici|^got\b|\bgot/|^node\b|Node\.?js|superagent|node-superagent|^bun/|^Deno/|request/\d",
        r"PostmanRuntime|Insomnia|HTTPie|Paw/|RapidAPI|Bruno|HttpTestClient|RestSharp|REST ?Client",
        r"^Ruby\b|Faraday|Typhoeus|httparty|rest-client|http\.rb|Mechanize|em-http",
        r"Guzzle|^PHP\b|\bPHP/\d|Symfony|WordPress|Drupal|Joomla|Zend|Snoopy|Buzz/|CakePHP|^ReactPHP|PEAR|HTTP_Request",
        r"^Dart\b|^reqwest|^hyper|^ureq|isahc|rust-|^Swift|Alamofire|AFNetworking",
        r"CFNetwork/|WinHTTP|WinInet|MSXML|XMLHTTP|WebClient|HttpClient",
        r"Microsoft (?:URL Control|Data Access|BITS)|BITS/",
        r"PowerShell|\.NET (?:Framework )?Core|Microsoft-CryptoAPI|WebDAV|Indy Library|Delphi",
        r"^Lua|lua-resty|^Erlang|^hackney|^Elixir|^Haskell|^cpprestsdk|^libsoup|^neon/|^Qt|^serf|^lwIP|ESP(?:8266|32)",
        r"HTTrack|WebCopier|WebZIP|Teleport|Offline Explorer|SiteSnagger|WebReaper|WebStripper|HTTP Agent|Download",
        r"Getright|FlashGet|DAP \d|Aria2|axel|IDMan|FDM \d|NetAnts|JDownloader|uGet",
        r"^ApacheBench|^ab/|JMeter|^k6/|^hey/|^wrk|Gatling|Locust|Siege|Artillery|vegeta|loader\.io|BlazeMeter",
        r"^git/|^apt|^yum|^npm/|^pip/|^Homebrew|^Composer|^Docker|^containerd|^Terraform|^Ansible",
    ),
)

FEED_READER = Signature(
    Reason.FEED_READER,
    (
        r"Feed(?:ly|bin|burner|spot|wrangler|press|validator|er|demon|hub|show|zirra|reader|bot|/|$|parser|fetch|ster)",
        r"\bRSS\b|RSS[ -]?(?:Reader|Bot|Owl|Bandit|Guard)|SimplePie|MagpieRSS|Inoreader|NewsBlur|NetNewsWire|TinyRSS",
        r"Tiny Tiny RSS|FreshRSS|Miniflux|Newsboat|Newsbeuter|The ?Old ?Reader|Bloglines|NewsGator|BazQux|Akregator",
        r"Liferea|Vienna/|Reeder/|NewsFire|Windows-RSS|Superfeedr|PubSubHubbub|Planet/|Universal ?Feed ?Parser",
        r"CommaFeed|Selfoss|rssbot|Podcast|Overcast|gPodder|AntennaPod|iTMS|Castro|Pocket ?Casts|Downcast|iCatcher",
    ),
)

CRAWLER = Signature(
    Reason.CRAWLER,
    (
        r"(?:^|[^u]|[^c]u)bots?(?:[^a-z\d]|$)",
        r"(?:^|[^u]|[^c]u)bot(?-i:[A-Z])",
        r"robot",
        r"crawl",
        r"spider|spyder",
        r"scrap(?:er|ing|y|e\b)",
        r"fetch(?:er|ing)?\b|\bfetch",
        r"harvest|extract(?:or|ion)|collector\b|grabber|sniff|sucker|ripper|leech|siphon",
        r"archiv(?:er|e\b|ing)|\bindexer|\bindexing",
        r"\bsearch\b[^;)]{0,20}(?:engine|agent)|searchbot|\bsearchengine",
        r"monitor(?:ing)?\b|\bchecker|\bvalidat|\bverif(?:y|ier|ication)\b|\baudit",
        r"(?:web|site|security|port|link|virus|malware)[ _-]?scanner",
        r"\banalyz?s?er|\banalytics\b|\binspect(?:or|ion)\b|\bdetector\b|\bsurvey|\bprobe\b|\btracker\b|\bhealth\b",
        r"\bseo\b|semrush|ahrefs|majestic|mj12|screaming frog|sistrix|dotbot|rogerbot",
        r"serpstat|blexbot|moz\.com|sitebulb",
        r"\bscan(?:bot|ning|web)|proxy[/_-]|\wproxy\b|\bagent\b|\bclient\b|\bparser\b|\bresolver\b|\bdaemon\b|\bservices?\b",
        r"thumb(?:nail|shots|sniper)|screenshot|snapshot|favicon|page2rss|url2png|website[ -]?(?:thumb|shot)",
        r"translat(?:e|or)\b|google-transcoder|appengine-google|google wireless transcoder|\bweblight\b",
        r"plagiar|turnitin|copyscape|brandwatch|meltwater|trendiction|datanyze|builtwith|wappalyzer|netestate|nutch",
        r"heritrix|grub|webalta|zoominfo|panscient|genieo|yacy|solr|lucene|elastic|splunk|owler|hubspot|linkdex",
        r"buzz(?:bot|sumo)|siteimprove|siteexplorer|gowikibot|pagepeeker|embed\b|quora|evernote|pocketimage|newspaper",
        r"AppInsights|Google(?:-[A-Z]\w+|Agent|ImageProxy)|\b\w+-Google\b|\w(?:Scan|Verify|Watcher|Finder|Agent|Crawl)/",
        r"KHTML, like Gecko[;,]",
        r"https?://|\bwww\.|\bmailto:|[\w.-]+@(?:[\w-]+\.)+[a-z]{2,}",
        r"(?:^|[^\w.-])[a-z0-9-]{3,}\.(?:com|net|org|io|ai|co|dev|app|eu|de|fr|ru|uk|info)(?:[/;,)\s]|$)",
    ),
)

SIGNATURES = (LINK_PREVIEW, AI_CRAWLER, SEARCH_ENGINE, HEADLESS, MONITOR, HTTP_TOOL, FEED_READER, CRAWLER)


@cache
def _extractor() -> UserAgentExtractor:
    return UserAgentExtractor(
        (f"(?i:({'|'.join(s.words)}))", None, s.reason.value, None, None, None) for s in SIGNATURES
    )


def signature_of(agent: str) -> tuple[Reason, str] | None:
    """Return the reason of the first rule that ``agent`` meets, and what in it matched."""
    found = _extractor().extract(agent)
    return (Reason(found.major or Reason.CRAWLER), found.family.strip(" ;,()/")) if found else None


_BROWSER_START = re.compile(r"(?:Mozilla|Opera)/\d", re.IGNORECASE)
_ENGINE = re.compile(
    r"^Mozilla/[1-4]\.\d+ .*\(|"
    r"AppleWebKit|Gecko|KHTML|Trident|Presto|MSIE|Opera|NetFront|Konqueror|iCab|Obigo|Teleca|SEMC|Dolphin|UCBrowser|"
    r"UCWEB|BlackBerry|Series\s?\d\d|Symbian|MIDP|Profile/|Android|iPhone|iPad|PlayStation|Nintendo|Kindle|webOS|Silk|SMART-TV|AppleTV",
    re.IGNORECASE,
)
_DEVICE = re.compile(
    r"Android|iPhone|iPad|iPod|iOS|Windows (?:NT|Phone|CE)|MIDP|CLDC|Symbian|Series\s?[346]0|BREW|UP\.Browser|Profile/|"
    r"BlackBerry|BB10|Nokia|SonyEricsson|SAMSUNG|MOT-|LG[-/E]|DoCoMo|KDDI|J-PHONE|SoftBank|Vodafone|HUAWEI|ZTE|Maemo|"
    r"MAUI|Obigo|NetFront|UCWEB|UCBrowser|Opera M|Dalvik|Tizen|KAIOS|webOS|PlayStation|Nintendo|Roku|AppleTV|Apple TV|"
    r"Macintosh|X11|Linux;|Lynx|Links \(|ELinks|w3m|Dillo|NetSurf|Alcatel|SHARP|Philips|PANTECH|SIE-|Spice|Micromax|"
    r"Lava|Karbonn|Fly|ALCATEL|QC-?\d|HTC|Xiaomi|Lenovo|TECNO|Infinix|itel|Mozilla/\d",
    re.IGNORECASE,
)


def shape_fault(agent: str) -> str | None:
    """Return what is missing when ``agent`` has the shape of no browser, else None.

    Browsers start with ``Mozilla/`` or ``Opera/`` and name an engine; old phones start with their maker and name a
    platform. A lone product token is what libraries send by default.
    """
    if _BROWSER_START.match(agent):
        return None if _ENGINE.search(agent) else "no engine named"
    return None if _DEVICE.search(agent) else "no browser named"
