"""User agents as they are documented by their makers or seen every day, written down for these tests."""

_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


def iphone(ios: str, rest: str = "Version/{v} Mobile/15E148 Safari/604.1") -> str:
    version = ios.replace("_", ".")
    return (
        f"Mozilla/5.0 (iPhone; CPU iPhone OS {ios} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        + rest.format(v=version)
    )


def android(model: str, chrome: str = "131.0.0.0", rest: str = "") -> str:
    return f"Mozilla/5.0 (Linux; Android 14; {model}) {_WEBKIT} Chrome/{chrome} Mobile Safari/537.36{rest}"


def desktop(system: str, rest: str = "Chrome/131.0.0.0 Safari/537.36") -> str:
    return f"Mozilla/5.0 ({system}) {_WEBKIT} {rest}"


WINDOWS, MAC, LINUX = "Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7", "X11; Linux x86_64"

PEOPLE = {
    **{f"safari on ios {v}": iphone(v) for v in ("12_5", "14_8", "15_6", "16_1", "17_5", "18_1", "26_0")},
    **{
        f"{name} on iphone": iphone("17_5", rest)
        for name, rest in {
            "chrome": "CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1",
            "firefox": "FxiOS/127.0 Mobile/15E148 Safari/605.1.15",
            "edge": "Version/17.0 EdgiOS/126.0.2592.56 Mobile/15E148 Safari/604.1",
            "google app": "GSA/322.0.644 Mobile/15E148 Safari/604.1",
            "instagram": "Mobile/15E148 Instagram 334.0.4.32 (iPhone14,5; iOS 17_5; en_IN; en; scale=3.00)",
            "facebook": "Mobile/21F79 [FBAN/FBIOS;FBAV/465.0.1.41;FBBV/602060281;FBDV/iPhone14,5;FBMD/iPhone]",
            "pinterest": "Mobile/21F79 [Pinterest/iOS]",
            "linkedin": "Mobile/21F79 [LinkedInApp]/9.29.6",
            "snapchat": "Version/17.5 Mobile/15E148 Snapchat/12.90.0.40 (iPhone14,5; iOS 17.5; gzip)",
            "line": "Mobile/15E148 Safari Line/14.9.0",
            "x": "Mobile/21F79 Twitter for iPhone/10.44",
            "tiktok": "Mobile/21F79 BytedanceWebview/d8a21c6 musical_ly_34.9.0 JsSdk/2.0 NetType/WIFI",
            "wechat": "Mobile/15E148 MicroMessenger/8.0.49(0x18003137) NetType/WIFI Language/en",
            "duckduckgo": "Version/17.5 Mobile/15E148 DuckDuckGo/7 Safari/605.1.15",
            "opera touch": "Version/17.5 Mobile/15E148 Safari/604.1 OPT/4.8.0",
            "brave": "Version/17.5 Mobile/15E148 Safari/604.1",
            "a plain web view": "Mobile/15E148",
        }.items()
    },
    **{
        f"chrome on {model}": android(model)
        for model in (
            "K",
            "SM-S921B",
            "SM-A546E",
            "Pixel 8 Pro",
            "CPH2591",
            "RMX3890",
            "V2303",
            "2312DRA50I",
            "moto g84 5G",
            "Infinix X6833B",
            "TECNO KI5k",
            "itel S665L",
            "Nokia G42 5G",
            "CUBOT KINGKONG STAR",
            "CUBOT_X18_Plus",
            "LAVA LXX503",
            "ONEPLUS A6013",
            "JioPhone Next",
        )
    },
    **{
        f"{name} on android": android("SM-A546E", rest=rest)
        for name, rest in {
            "edge": " EdgA/131.0.0.0",
            "opera": " OPR/85.0.0.0",
            "ecosia": " (Ecosia android@131.0.0.0)",
            "telegram": " Telegram-Android/11.4.2 (Samsung SM-A546E; Android 14; SDK 34; HIGH)",
            "instagram": " Instagram 354.0.0.38.109 Android (34/14; 450dpi; 1080x2340; samsung; SM-A546E; a54x)",
            "facebook": " [FB_IAB/FB4A;FBAV/489.0.0.40.79;]",
            "pinterest": " [Pinterest/Android]",
            "linkedin": " [LinkedInApp]/4.1.1",
            "google app": " GSA/15.46.34.29.arm64",
            "phonepe": " PhonePe-Webview",
            "vivaldi": " Vivaldi/7.0.3495.23",
        }.items()
    },
    "samsung internet": "Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S928B) AppleWebKit/537.36 (KHTML, like Gecko) "
    "SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36",
    "miui browser": "Mozilla/5.0 (Linux; U; Android 13; en-in; 22101316I Build/TP1A.220624.014) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Version/4.0 Chrome/112.0.5615.136 Mobile Safari/537.36 XiaoMi/MiuiBrowser/14.10.1-gn",
    "uc browser": "Mozilla/5.0 (Linux; U; Android 12; en-US; RMX3085) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/100.0.4896.58 UCBrowser/13.6.2.1316 Mobile Safari/537.36",
    "android web view": "Mozilla/5.0 (Linux; Android 13; SM-M127G Build/TP1A.220624.014; wv) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Version/4.0 Chrome/131.0.6778.39 Mobile Safari/537.36",
    "firefox on android": "Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0",
    "opera mini": "Opera/9.80 (Android; Opera Mini/79.0.2254/191.303; U; en) Presto/2.12.423 Version/12.16",
    "kaios": "Mozilla/5.0 (Mobile; LYF/F220B/LYF-F220B-003-01-49-130919; Android; rv:48.0) Gecko/48.0 Firefox/48.0 "
    "KAIOS/2.5",
    "an old nokia": "Nokia5130c-2/2.0 (07.97) Profile/MIDP-2.1 Configuration/CLDC-1.1",
    "an old samsung": "SAMSUNG-GT-E2252/E2252DDKH1 NetFront/4.1 Profile/MIDP-2.0 Configuration/CLDC-1.1",
    "blackberry": "Mozilla/5.0 (BlackBerry; U; BlackBerry 9900; en) AppleWebKit/534.11+ (KHTML, like Gecko) "
    "Version/7.1.0.346 Mobile Safari/534.11+",
    "windows phone": "Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Chrome/52.0.2743.116 Mobile Safari/537.36 Edge/15.15254",
    "ipad": "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
    "Mobile/15E148 Safari/604.1",
    "android tablet": desktop("Linux; Android 13; SM-X200"),
    "fire tablet": desktop("Linux; Android 11; KFTRWI", "Silk/122.5.1 like Chrome/122.0.6261.128 Safari/537.36"),
    "smart tv": "Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) "
    "76.0.3809.146/6.0 TV Safari/537.36",
    "lg tv": "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/94.0.4606.128 "
    "Safari/537.36 WebAppManager",
    "playstation": "Mozilla/5.0 (PlayStation; PlayStation 5/6.50) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/13.0 Safari/605.1.15",
    **{f"chrome on {system}": desktop(system) for system in (WINDOWS, MAC, LINUX, "X11; CrOS x86_64 14541.0.0")},
    "edge on windows": desktop(WINDOWS, "Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0"),
    "opera on windows": desktop(WINDOWS, "Chrome/130.0.0.0 Safari/537.36 OPR/115.0.0.0"),
    "firefox on windows": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0",
    "firefox on linux": "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
    "safari on mac": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Safari/605.1.15",
    "internet explorer": "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko",
    "internet explorer 8": "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; .NET CLR 2.0.50727)",
    "tablet pc": "Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0; Tablet PC 2.0)",
}

PREVIEWS = {
    "WhatsApp": "WhatsApp/2.23.20.0 A",
    "WhatsApp on iOS": "WhatsApp/2.24.9.78 i",
    "Facebook": "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "iMessage": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 "
    "Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
    "Telegram": "TelegramBot (like TwitterBot)",
    "Slack": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Slack image": "Slack-ImgProxy (+https://api.slack.com/robots)",
    "X": "Twitterbot/1.0",
    "LinkedIn": "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
    "Discord": "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "Skype and Teams": "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 "
    "skype-url-preview@microsoft.com",
    "Reddit": "Mozilla/5.0 (compatible; redditbot/1.0; +http://www.reddit.com/feedback)",
    "Pinterest": "Mozilla/5.0 (compatible; Pinterestbot/1.0; +https://www.pinterest.com/bot.html)",
    "VK": "Mozilla/5.0 (compatible; vkShare; +http://vk.com/dev/Share)",
    "KakaoTalk": "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984",
    "Snapchat": "Mozilla/5.0 (compatible; Snap URL Preview Service; bot; snapchat; https://developers.snap.com/robots)",
    "Mastodon": "Mastodon/4.3.1 (http.rb/5.2.0; +https://mastodon.social/) Bot",
    "Mattermost": "Mattermost-Bot/1.1",
    "Iframely": "Iframely/1.3.1 (+https://iframely.com/docs/about)",
    "Embedly": "Mozilla/5.0 (compatible; Embedly/0.2; +http://support.embed.ly/)",
    "Bing": "Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/534+ (KHTML, like Gecko) BingPreview/1.0b",
}

BOTS = {
    "search_engine": (
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        (
            "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/131.0.6778.69 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
        ),
        "AdsBot-Google (+http://www.google.com/adsbot.html)",
        "Mediapartners-Google",
        "Mozilla/5.0 (compatible; Google-InspectionTool/1.0)",
        "GoogleOther",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
        "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
        "DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)",
        "Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)",
        "Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)",
        "Mozilla/5.0 (compatible; SeznamBot/4.0; +http://napoveda.seznam.cz/seznambot-intro/)",
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.1.1 "
            "Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)"
        ),
        "Mozilla/5.0 (compatible;PetalBot;+https://webmaster.petalsearch.com/site/petalbot)",
        "Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)",
    ),
    "ai_crawler": (
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; ChatGPT-User/1.0; +https://openai.com/bot",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)",
        (
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; PerplexityBot/1.0; "
            "+https://perplexity.ai/perplexitybot)"
        ),
        "CCBot/2.0 (https://commoncrawl.org/faq/)",
        (
            "Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 (compatible; "
            "Bytespider; spider-feedback@bytedance.com)"
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_10_1) AppleWebKit/600.2.5 (KHTML, like Gecko) Version/8.0.2 "
            "Safari/600.2.5 (Amazonbot/0.1; +https://developer.amazon.com/support/amazonbot)"
        ),
        "meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
    ),
    "headless_browser": (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/131.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Unknown; Linux x86_64) AppleWebKit/538.1 (KHTML, like Gecko) PhantomJS/2.1.1 Safari/538.1",
        "Mozilla/5.0 (linux) AppleWebKit/537.36 (KHTML, like Gecko) jsdom/22.1.0",
    ),
    "monitor": (
        "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
        "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)",
        (
            "Mozilla/5.0 (Linux; Android 11; moto g power (2022)) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/119.0.0.0 Mobile Safari/537.36 Chrome-Lighthouse"
        ),
        "kube-probe/1.29",
        "ELB-HealthChecker/2.0",
        "check_http/v2.3.3 (nagios-plugins 2.3.3)",
        "Mozilla/5.0 zgrab/0.x",
    ),
    "http_tool": (
        "curl/8.7.1",
        "Wget/1.21.4",
        "python-requests/2.32.3",
        "Python/3.11 aiohttp/3.9.5",
        "python-httpx/0.27.0",
        "Python-urllib/3.12",
        "Go-http-client/2.0",
        "okhttp/4.12.0",
        "Java/17.0.11",
        "Apache-HttpClient/4.5.14 (Java/17.0.11)",
        "axios/1.7.2",
        "node-fetch/1.0 (+https://github.com/bitinn/node-fetch)",
        "undici",
        "PostmanRuntime/7.39.0",
        "insomnia/9.2.0",
        "HTTPie/3.2.2",
        "Ruby",
        "Faraday v2.9.0",
        "GuzzleHttp/7",
        "PHP/8.3.8",
        "libwww-perl/6.77",
        "Dart/3.4 (dart:io)",
        "reqwest/0.12.4",
        "Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.22621.3672",
        "MobileSafari/8617.1 CFNetwork/1494.0.7 Darwin/23.4.0",
        "Scrapy/2.11.2 (+https://scrapy.org)",
    ),
    "feed_reader": (
        "Feedly/1.0 (+http://www.feedly.com/fetcher.html; like FeedFetcher-Google)",
        "Tiny Tiny RSS/21.05 (http://tt-rss.org/)",
        "FreshRSS/1.24.0 (Linux; https://freshrss.org)",
    ),
    "crawler": (
        "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
        "Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)",
        "Mozilla/5.0 (compatible; MJ12bot/v1.4.8; http://mj12bot.com/)",
        "Mozilla/5.0 (compatible; DotBot/1.2; +https://opensiteexplorer.org/dotbot; help@moz.com)",
        "Screaming Frog SEO Spider/20.1",
        "SomethingNew-Crawler/0.1",
        "mybot",
        "Mozilla/5.0 (compatible; Whatever/1.0; +https://example.org/about)",
    ),
    "no_user_agent": ("", "   "),
    "not_a_browser": ("Mozilla/5.0", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "test", "x", "MyApp/1.0", "-"),
}
