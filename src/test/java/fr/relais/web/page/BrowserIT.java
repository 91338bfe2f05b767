package fr.relais.web.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.AxeResults;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import fr.relais.Mirror;
import fr.relais.Website;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.SweepState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pages in a real browser. */
@Tag("long")
class BrowserIT {

    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    /** Texts that make a careless page run a script or load something from another host. */
    private static final List<String> HOSTILE = List.of(
            "<script>document.title='xss'</script>",
            "</script><script>document.title='xss'</script>",
            "<img src=x onerror=\"document.title='xss'\">",
            "<svg onload=\"document.title='xss'\"></svg>",
            "<svg><script>document.title='xss'</script></svg>",
            "\"><script>document.title='xss'</script>",
            "'\"--></style></script><script>document.title='xss'</script>",
            "javascript:document.title='xss'//",
            " javascript:document.title='xss'",
            "JaVaScRiPt:document.title='xss'",
            "java\tscript:document.title='xss'",
            "data:text/html,<script>document.title='xss'</script>",
            "vbscript:msgbox(1)",
            "<iframe src=\"https://evil.example/\"></iframe>",
            "<link rel=stylesheet href=https://evil.example/x.css>",
            "<meta http-equiv=refresh content=\"0;url=https://evil.example/\">",
            "<base href=https://evil.example/>",
            "<form action=https://evil.example/><input type=submit autofocus onfocus=\"document.title='xss'\"></form>",
            "<math><mi xlink:href=\"javascript:document.title='xss'\">x</mi></math>",
            "<details open ontoggle=\"document.title='xss'\">",
            "<style>*{background:url(https://evil.example/x)}</style>",
            "<a href=\"javascript:document.title='xss'\">x</a>",
            "<!--<img src=\"--><img src=x onerror=document.title='xss'//\">",
            "<![CDATA[><script>document.title='xss'</script>]]>",
            "&lt;script&gt;document.title='xss'&lt;/script&gt;",
            "\u2028\u2029</script\u0000>",
            "\u202E\u2066right to left\u0000\uFFFE",
            "${7*7} #{7*7} __${T(java.lang.Runtime).getRuntime()}__ [[${7*7}]] [(${7*7})] *{7*7} @{/x} ~{x}",
            "{{constructor.constructor('document.title=1')()}}",
            "https://evil.example/\" onmouseover=\"document.title='xss'",
            "https://evil.example/<script>document.title='xss'</script>",
            "https://o.example/?a=\"'><img src=x onerror=document.title='xss'>");

    private static SourceSimulator source;
    private static Mirror mirror;
    private static Website website;
    private static Playwright playwright;
    private static Browser browser;
    private static String id;

    @BeforeAll
    static void start() throws Exception {
        Path chromium = Path.of("/usr/bin/chromium");
        if (!Files.isExecutable(chromium)) {
            assertThat(System.getenv("CI")).as("CI has a browser").isNull();
            assumeTrue(false, "this test needs /usr/bin/chromium");
        }
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
        source = SourceSimulator.start(SimulatorOptions.defaults());
        OfferGenerator generator = new OfferGenerator(11);
        generator.fill(source.base(), 30, Instant.now(), Duration.ofDays(60), "1");
        for (int i = 0; i < HOSTILE.size(); i++) {
            source.base()
                    .putRaw(
                            "X" + i,
                            Instant.now(),
                            "1",
                            hostile("X" + i, HOSTILE.get(i)).getBytes(StandardCharsets.UTF_8));
        }
        mirror = Mirror.of(source).start();
        assertThat(mirror.sweep().state()).isEqualTo(SweepState.PROVED);
        // The longest offer, so that the screenshots show as many fields as possible.
        id = mirror.offers().entrySet().stream()
                .filter(offer -> !offer.getKey().startsWith("X"))
                .max(Map.Entry.comparingByValue((one, other) -> Integer.compare(one.length(), other.length())))
                .orElseThrow()
                .getKey();
        website = Website.of(mirror, source)
                .with("relais.display.xiti-tag", "at_medium=partner&at_offer={id}")
                .with("relais.budget.requests-per-minute", "10000")
                .with("relais.budget.unopened", "100")
                .with("relais.console.local", "true")
                .with("relais.display.logo", "src/test/resources/logo.svg")
                .start();
    }

    @AfterAll
    static void stop() {
        Stream.of(browser, playwright, website, mirror, source)
                .filter(resource -> resource != null)
                .forEach(resource -> {
                    try {
                        resource.close();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    /**
     * Returns an offer with the text in each field that the page shows in a special way, in unknown fields and in the
     * names of fields.
     */
    private static String hostile(String id, String text) {
        String quoted =
                com.fasterxml.jackson.databind.node.TextNode.valueOf(text).toString();
        return """
                {"id":"%s","intitule":%2$s,"description":%2$s,"dateCreation":%2$s,
                "lieuTravail":{"libelle":%2$s,"codePostal":%2$s},
                "entreprise":{"nom":%2$s,"url":%2$s,"logo":%2$s},"competences":[{"libelle":%2$s,"exigence":%2$s}],
                "contact":{"urlPostulation":%2$s,"urlRecruteur":%2$s,"courriel":%2$s},
                "dureeTravailLibelleConverti":%2$s,
                "origineOffre":{"origine":"1","urlOrigine":%2$s,"partenaires":[{"nom":%2$s,"url":%2$s,"logo":%2$s}]},
                %2$s:%2$s,"inconnu":{%2$s:[%2$s,{%2$s:%2$s}]}}""".formatted(id, quoted);
    }

    @Test
    void hostile_text_is_inert_and_no_request_leaves_the_host() {
        List<String> problems = new ArrayList<>();
        try (BrowserContext context = browser.newContext()) {
            Page page = context.newPage();
            page.onRequest(request -> {
                if (!request.url().startsWith(website.address() + "/")) {
                    problems.add("request to " + request.url());
                }
            });
            page.onConsoleMessage(message -> problems.add("console: " + message.text()));
            page.onPageError(error -> problems.add("error: " + error));
            page.onDialog(dialog -> {
                problems.add("dialog");
                dialog.dismiss();
            });
            for (int i = 0; i < HOSTILE.size(); i++) {
                page.navigate(website.address() + "/offres/X" + i);
                String title = page.title();
                assertThat(title)
                        .as(HOSTILE.get(i))
                        .endsWith(" – Offres d’emploi")
                        .isNotEqualTo("xss");
                assertThat((String) page.evaluate("document.querySelector('h1').textContent"))
                        .as("the text itself is shown")
                        .isEqualTo(OfferPage.shown(HOSTILE.get(i)));
                for (Object href : (List<?>) page.evaluate("[...document.links].map(link => link.protocol)")) {
                    assertThat(href).isIn("http:", "https:");
                }
                assertThat(page.evaluate("document.querySelectorAll('iframe,form,base,object,embed,svg,math').length"))
                        .isEqualTo(0);
            }
        }
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"360, LIGHT", "360, DARK", "1280, LIGHT", "1280, DARK"})
    void pages_are_accessible_and_fit_the_screen(int width, ColorScheme scheme) throws Exception {
        try (BrowserContext context = browser.newContext(
                new Browser.NewContextOptions().setViewportSize(width, 800).setColorScheme(scheme))) {
            Page page = context.newPage();
            List<String> problems = new ArrayList<>();
            page.onConsoleMessage(message -> problems.add(message.text()));
            for (String path : List.of(
                    "/",
                    "/offres/" + id,
                    "/offres/NONE",
                    "/modifications",
                    "/console",
                    "/console/sweeps",
                    "/console/set-aside",
                    "/console/routes",
                    "/console/routes/relais-run-sweep")) {
                page.navigate(website.address() + path);
                AxeResults found = new AxeBuilder(page).analyze();
                assertThat(found.getViolations().stream()
                                .map(violation -> violation.getId() + ": " + violation.getHelp() + " "
                                        + violation.getNodes().get(0).getHtml())
                                .toList())
                        .as("%s at %d in %s", path, width, scheme)
                        .isEmpty();
                assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                        .as("%s at %d needs no sideways scrolling", path, width)
                        .isEqualTo(true);
                Files.createDirectories(SCREENSHOTS);
                page.screenshot(new Page.ScreenshotOptions()
                        .setPath(SCREENSHOTS.resolve("%s-%d-%s.png"
                                .formatted(
                                        path.replaceFirst("^/$", "/accueil")
                                                .replace("/" + id, "")
                                                .substring(1)
                                                .replace('/', '-'),
                                        width,
                                        scheme.name().toLowerCase()))));
            }
            // Every browser reports a 404 on its console.
            assertThat(problems.stream().filter(text -> !text.contains("404"))).isEmpty();
        }
    }

    @Test
    void an_offer_can_be_found_with_the_keyboard_alone_and_without_scripts() {
        try (BrowserContext context = browser.newContext(new Browser.NewContextOptions().setJavaScriptEnabled(false))) {
            Page page = context.newPage();
            page.navigate(website.address() + "/");
            page.keyboard().press("Tab");
            assertThat(page.locator(":focus").textContent()).isEqualTo("Aller au contenu");
            page.locator("#id").focus();
            page.keyboard().type(id);
            page.keyboard().press("Enter");
            page.waitForURL("**/offres/" + id);
            assertThat(page.locator("a.relais-button").getAttribute("href"))
                    .endsWith("at_medium=partner&at_offer=" + id);
        }
    }
}
