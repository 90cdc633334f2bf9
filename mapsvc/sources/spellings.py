"""What columns are called: in the seven languages of the pages, in German, and in the short forms of programs.

All words are folded (`names.fold`): lower case, without accents and Japanese voicing marks, punctuation as one space. A new
spelling is a new word.
"""

from collections.abc import Mapping
from types import MappingProxyType

# The ones that hold a code rather than a name, where a table has both.
COUNTRY_CODES = frozenset(
    {
        "iso2", "iso a2", "iso", "iso code", "country code", "countrycode", "country iso", "country iso2",
        "iso 3166 1 alpha 2", "alpha 2", "cc", "codigo pais", "codigo de pais", "codigo del pais", "codigo do pais",
        "code pays", "code du pays", "landercode", "laendercode", "landercode iso", "국가코드", "국가 코드", "国コート",
        "国家代码", "国别代码",
    }
)  # fmt: skip

# The ones that surely hold a name.
COUNTRY_NAMES = frozenset(
    {
        "country name", "nombre del pais", "nome do pais", "nom du pays", "국가명", "国名", "国家名称", "landername",
        "name of country",
    }
)  # fmt: skip

# A region may be a province, or a continent: it counts where nothing better is there.
WEAK = frozenset({"region", "regiao"})

_WORDS: Mapping[str, str] = {
    "id": "id; member id; identifier; identificador; identifiant; 식별자; 識別子; 标识符; kennung",
    "name": (
        "name; member; member name; local government; city; city name; municipality; town; place; place name; "
        "organisation; organization; entity; jurisdiction; "
        "nombre; miembro; nombre del miembro; ciudad; municipio; gobierno local; ayuntamiento; localidad; "
        "nom; membre; nom du membre; ville; commune; municipalite; collectivite; collectivite locale; "
        "nome; membro; nome do membro; cidade; governo local; "
        "이름; 명칭; 회원; 회원명; 도시; 도시명; 지자체; 지방자치단체; 지방정부; "
        "名前; 名称; 会員; 会員名; 都市; 都市名; 自治体; 自治体名; 市区町村; "
        "会员; 成员; 成员名称; 城市; 城市名称; 地方政府; "
        "mitglied; mitgliedsname; stadt; gemeinde; kommune; ort; ortsname; gebietskorperschaft"
    ),
    "type": (
        "type; entity type; member type; kind; category; tipo; tipo de miembro; tipo de membro; categoria; "
        "genre; categorie; type de membre; 유형; 종류; 구분; 種類; 種別; 区分; 类型; 类别; typ; art; mitgliedsart"
    ),
    "country": (
        "country; nation; pais; pays; 국가; 나라; 国; 国家; 国別; land; staat"
    ),
    "admin1": (
        "admin1; admin 1; state; province; state province; province state; region; county state; "
        "estado; provincia; departamento; comunidad autonoma; departement; etat; etat province; regiao; distrito; "
        "시도; 도; 주; 광역시도; 都道府県; 州; 県; 省; 省份; 省 州; 州 省; bundesland; provinz; kanton"
    ),
    "population": (
        "population; inhabitants; pop; residents; population size; poblacion; habitantes; habitants; "
        "nombre d habitants; nombre dhabitants; populacao; 인구; 인구수; 人口; 人口数; einwohner; einwohnerzahl; bevolkerung"
    ),
    "since": (
        "since; member since; joined; join date; joining date; date joined; year joined; membership start; start date; "
        "miembro desde; desde; fecha de ingreso; fecha de adhesion; ano de ingreso; "
        "membre depuis; depuis; date d adhesion; date dadhesion; annee d adhesion; annee dadhesion; "
        "membro desde; data de adesao; ano de adesao; "
        "가입일; 가입연도; 가입년도; 가입; 加盟日; 加盟年; 加盟; 入会日; 入会年; 加入日期; 加入时间; 加入年份; 入会时间; "
        "mitglied seit; seit; beitritt; beitrittsdatum; beitrittsjahr; eintritt"
    ),
    "until": (
        "until; member until; left; date left; year left; membership end; end date; miembro hasta; hasta; fecha de baja; "
        "membre jusqu a; membre jusqua; jusqu a; jusqua; date de depart; date de sortie; membro ate; ate; data de saida; "
        "탈퇴일; 탈퇴연도; 탈퇴; 脱退日; 脱退年; 退会日; 退出日期; 退出时间; 退会时间; "
        "mitglied bis; bis; austritt; austrittsdatum; austrittsjahr"
    ),
    "status": (
        "status; member status; membership status; membership; estado de miembro; estado de la membresia; situacion; "
        "statut; statut de membre; situacao; situacao do membro; 상태; 회원상태; 회원 상태; 状態; 会員状態; ステータス; "
        "状态; 会员状态; mitgliedsstatus"
    ),
    "themes": (
        "themes; theme; topics; topic; themas; temas; tema; thematiques; thematique; assuntos; 주제; 테마; 分野; テーマ; 主題; "
        "主题; 议题; themen; thema"
    ),
    "url": (
        "url; website; web site; web; homepage; home page; link; web page; webpage; sitio web; pagina web; enlace; "
        "site web; site internet; site; pagina; sitio; 웹사이트; 홈페이지; ウェフサイト; ホームヘーシ; サイト; 网站; 网址; 主页; "
        "webseite; internetseite"
    ),
    "longitude": (
        "longitude; lon; lng; long; x; x coord; xcoord; lon wgs84; longitude wgs84; longitud; 경도; 経度; 经度; "
        "laengengrad; langengrad; geografische lange; lange"
    ),
    "latitude": (
        "latitude; lat; y; y coord; ycoord; lat wgs84; latitude wgs84; latitud; 위도; 緯度; 纬度; "
        "breitengrad; geografische breite; breite"
    ),
    "location_source": "location source",
    "source_url": (
        "source url; source; source link; fuente; url de la fuente; url de la source; fonte; url da fonte; 출처; 出典; 来源; "
        "quelle"
    ),
    "confidence": "confidence; confianza; confiance; confianca; 신뢰도; 信頼度; 可信度",
}  # fmt: skip

SYNONYMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        name: (*words.split("; "), *(sorted(COUNTRY_CODES | COUNTRY_NAMES) if name == "country" else ()))
        for name, words in _WORDS.items()
    }
)
PARTICIPATION_SYNONYMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "member": ("member", "member id"),
        "member_name": ("member name", "name"),
        "country": SYNONYMS["country"],
        "programme": ("programme", "program", "project", "campaign", "initiative"),
        "themes": SYNONYMS["themes"],
        "source_url": SYNONYMS["source_url"],
    }
)
