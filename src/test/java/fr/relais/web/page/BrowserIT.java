package fr.relais.web.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.ReducedMotion;
import fr.relais.Mirror;
import fr.relais.Website;
import fr.relais.licence.LicenceText;
import fr.relais.simulator.Fault;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.Candidate;
import fr.relais.sweep.HeldRemovals;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import fr.relais.web.Site;
import fr.relais.web.access.ApiKeys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages in a real browser. */
@Tag("long")
class BrowserIT {

    private static final YearMonth MONTH =
            YearMonth.now(ZoneId.of("Europe/Paris")).minusMonths(1);

    private static final List<String> CONSOLE = List.of(
            "/console",
            "/console/sweeps",
            "/console/removals",
            "/console/reports",
            "/console/set-aside",
            "/console/routes",
            "/console/events",
            "/console/duties",
            "/console/licence",
            "/console/ledger");

    /** The rules of axe whose result depends on the size of the screen or on the colours. */
    private static final List<String> APPEARANCE =
            List.of("color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size");

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
    private static String key;
    private static String auditorKey;

    @TempDir
    private static Path folder;

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
        generator.fill(source.base(), 1_000, Instant.now(), Duration.ofDays(60), "1");
        for (int i = 0; i < HOSTILE.size(); i++) {
            source.base()
                    .putRaw(
                            "X" + i,
                            Instant.now(),
                            "1",
                            hostile("X" + i, HOSTILE.get(i)).getBytes(StandardCharsets.UTF_8));
        }
        mirror = Mirror.of(source)
                .with("relais.removal.guard", "0.02,5")
                .with("relais.report.from", "relais@example.org")
                .with("relais.events.uri", "file:" + folder)
                .start();
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
                .with("relais.display.logo", "src/test/resources/logo.svg")
                .start();
        ApiKeys keys = website.context().getBean(ApiKeys.class);
        key = keys.addOperator("anna");
        auditorKey = keys.addAuditor("lea");
        mirror.jdbc
                .sql("insert into monthly_report (month, state, opened_at) values (:month, 'open', :month)")
                .param("month", MONTH.atDay(1))
                .update();
        mirror.jdbc
                .sql("insert into view_count (month, offer_id, views) values (:month, :id, 60)")
                .param("month", MONTH.atDay(1))
                .param("id", id)
                .update();
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

    @Test
    void pages_are_accessible_and_fit_the_screen() throws Exception {
        long held = hold();
        // Only a frozen report can be marked as delivered.
        website.context().getBean(Site.class).relais().reports().freeze(MONTH);
        // Finds the held sweep, which is then on the page Today.
        website.context().getBean(Site.class).relais().watch().dueDeliveries();
        website.context()
                .getBean(Site.class)
                .relais()
                .overPipeline()
                .licence()
                .recordNotice(
                        "2026-1",
                        LocalDate.now(ZoneId.of("Europe/Paris")),
                        LicenceText.of("licence.pdf", new byte[] {1}),
                        "anna");
        List<String> paths = new ArrayList<>(List.of("/", "/offres/" + id, "/offres/NONE", "/modifications"));
        paths.addAll(CONSOLE);
        paths.addAll(List.of(
                "/console/sweeps/" + held,
                "/console/removals/" + held + "/approve",
                "/console/removals/" + held + "/refuse",
                "/console/reports/" + MONTH,
                "/console/reports/" + MONTH + "/resend",
                "/console/reports/" + MONTH + "/delivered",
                "/console/events/replay",
                "/console/routes/relais-run-sweep",
                "/console/licence/2026-1/refuse",
                "/console/ledger/check",
                "/console/nowhere"));
        List<String> problems = new ArrayList<>();
        try (BrowserContext context = browser.newContext()) {
            Page page = context.newPage();
            page.onConsoleMessage(message -> problems.add(page.url() + ": " + message.text()));
            page.navigate(website.address() + "/console/login");
            problems.addAll(problems(page, "/console/login"));
            context.addCookies(session());
            for (String path : paths) {
                page.navigate(website.address() + path);
                assertThat(page.url()).isEqualTo(website.address() + path);
                problems.addAll(problems(page, path));
            }
        }
        // Every browser reports a 404 on its console.
        assertThat(problems.stream().filter(text -> !text.contains("404"))).isEmpty();
    }

    private static List<String> problems(Page page, String path) {
        List<String> problems = new ArrayList<>();
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions()
                    .setColorScheme(scheme)
                    // Otherwise axe might read a colour in the middle of a transition.
                    .setReducedMotion(ReducedMotion.REDUCE));
            for (int width : new int[] {360, 1280}) {
                page.setViewportSize(width, 800);
                String place = path + " at " + width + " in " + scheme + ": ";
                // The default mode opens another page for each analysis because of frames. No page here has frames.
                AxeBuilder axe = new AxeBuilder(page).setLegacyMode(true);
                if (scheme == ColorScheme.DARK || width != 1280) {
                    axe.withRules(APPEARANCE);
                }
                axe.analyze()
                        .getViolations()
                        .forEach(violation -> problems.add(place + violation.getId() + ": " + violation.getHelp() + " "
                                + violation.getNodes().get(0).getHtml()));
                if (!page.evaluate("document.documentElement.scrollWidth <= innerWidth")
                        .equals(true)) {
                    problems.add(place + "it scrolls sideways");
                }
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
        }
        return problems;
    }

    /** Returns the number of a held sweep. */
    private static long hold() {
        Optional<HeldRemovals> held = mirror.relais().sweeps().held();
        if (held.isPresent()) {
            return held.get().sweepId();
        }
        mirror.offers().keySet().stream()
                .filter(offer -> !offer.startsWith("X") && !offer.equals(id))
                .limit(40)
                .forEach(source.base()::remove);
        SweepSummary sweep = mirror.sweep();
        assertThat(sweep.state()).isEqualTo(SweepState.HELD);
        return sweep.id();
    }

    private static List<Cookie> session() throws Exception {
        return Stream.of(website.signIn("anna", key).split("; "))
                .map(cookie -> cookie.split("=", 2))
                .map(cookie ->
                        new Cookie(cookie[0], cookie[1]).setDomain("127.0.0.1").setPath("/console"))
                .toList();
    }

    private static BrowserContext context(String language, boolean hasScript) {
        return browser.newContext(
                new Browser.NewContextOptions().setLocale(language).setJavaScriptEnabled(hasScript));
    }

    private static String text(String language, String key, Object... arguments) {
        return website.context().getMessage(key, arguments, Locale.forLanguageTag(language));
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "fr"})
    void a_stranger_sees_the_login_page_and_an_operator_signs_in_with_the_keyboard(String language) {
        try (BrowserContext context = context(language, true)) {
            Page page = context.newPage();
            for (String path : CONSOLE) {
                page.navigate(website.address() + path);
                assertThat(page.url()).startsWith(website.address() + "/console/login");
                assertThat(page.locator("h1").textContent()).isEqualTo(text(language, "login.title"));
                assertThat(page.locator("nav.pages, #badge").count()).isZero();
            }

            page.keyboard().type("anna");
            page.keyboard().press("Tab");
            page.keyboard().type(key);
            page.keyboard().press("Enter");
            page.waitForURL(website.address() + CONSOLE.get(CONSOLE.size() - 1));
            assertThat(page.locator("nav.pages a").allTextContents())
                    .startsWith(text(language, "nav.today"), text(language, "nav.sweeps"));

            page.keyboard().press("Tab");
            assertThat(page.locator(":focus").textContent()).isEqualTo(text(language, "frame.skip"));
            page.locator("form[action='/console/logout'] button").focus();
            page.keyboard().press("Enter");
            page.waitForURL("**/console/login*");
            page.navigate(website.address() + "/console");
            assertThat(page.url()).contains("/console/login");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "fr"})
    void a_running_sweep_moves_without_a_reload(String language) throws Exception {
        Semaphore calls = new Semaphore(0);
        source.onCall((exchange, call) -> {
            try {
                return !calls.tryAcquire(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        try (BrowserContext context = context(language, true)) {
            context.addCookies(session());
            Page page = context.newPage();
            page.navigate(website.address() + "/console/sweeps");
            page.evaluate("window.isSamePage = true");
            Locator progress = page.locator("#progress p");
            assertThat(progress).hasText(text(language, "sweeps.idle"));

            CompletableFuture<SweepSummary> sweep = CompletableFuture.supplyAsync(
                    website.context().getBean(Site.class).relais()::sweep);
            String running =
                    text(language, "sweeps.running", 0).replaceFirst(":.*", "").strip();
            // All pages of the only slice are requested after the first answer. So the text is read before that answer.
            assertThat(progress).containsText(running, new LocatorAssertions.ContainsTextOptions().setTimeout(30_000));
            String before = progress.textContent();
            calls.release(2);
            assertThat(progress).not().hasText(before);
            assertThat(progress).containsText(running);
            calls.release(10_000);
            assertThat(sweep.get(30, TimeUnit.SECONDS)).isNotNull();
            assertThat(progress)
                    .hasText(text(language, "sweeps.idle"), new LocatorAssertions.HasTextOptions().setTimeout(30_000));
            assertThat(page.evaluate("window.isSamePage")).isEqualTo(true);
        } finally {
            calls.release(10_000);
            source.onCall(Fault.NONE);
        }
    }

    @ParameterizedTest
    @CsvSource({"en, true", "fr, false"})
    void an_operator_approves_the_removals_of_a_held_sweep(String language, boolean hasScript) throws Exception {
        long sweep = hold();
        List<Candidate> candidates = mirror.relais().sweeps().candidates(sweep, 0, 100);
        try (BrowserContext context = context(language, hasScript)) {
            context.addCookies(session());
            Page page = context.newPage();
            page.navigate(website.address() + "/console/removals");
            assertThat(page.locator("td[lang=fr]").allTextContents())
                    .containsExactlyElementsOf(
                            candidates.stream().map(Candidate::intitule).toList());

            page.locator("a.danger").click();
            page.waitForURL("**/console/removals/" + sweep + "/approve");
            page.locator("button.danger").click();
            page.waitForURL("**/console/removals?result=started");
            assertThat(page.locator("[role=status]").textContent()).contains(text(language, "removals.result.started"));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> mirror.relais().sweeps().last(1).get(0).state() == SweepState.PROVED);
            if (!hasScript) {
                page.reload();
            }
            assertThat(page.locator("#removals-state"))
                    .containsText(
                            text(language, "removals.ended", sweep, "anna", candidates.size(), 0),
                            new LocatorAssertions.ContainsTextOptions().setTimeout(30_000));
            assertThat(mirror.offers())
                    .doesNotContainKeys(candidates.stream().map(Candidate::id).toArray(String[]::new));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "fr"})
    void an_operator_records_a_notice_of_a_new_licence_and_refuses_the_version(String language) throws Exception {
        String version = "2026-" + language;
        Path text = Files.writeString(folder.resolve("licence-" + language + ".txt"), "La licence.");
        try (BrowserContext context = context(language, true)) {
            context.addCookies(session());
            Page page = context.newPage();
            page.navigate(website.address() + "/console/licence");
            page.locator("#version").fill(version);
            page.locator("#informed")
                    .fill(LocalDate.now(ZoneId.of("Europe/Paris")).toString());
            page.locator("#file").setInputFiles(text);
            page.locator("form[enctype] button").click();
            page.waitForURL("**/console/licence?result=notice");

            Locator row = page.locator("tr", new Page.LocatorOptions().setHasText(version));
            assertThat(row).containsText(text(language, "licence.state.PENDING"));
            row.locator("a[href$=refuse]").click();
            page.locator("main button").click();
            page.waitForURL("**/console/licence?result=refuse");
            assertThat(row).containsText(text(language, "licence.state.REFUSED"));
            assertThat(row).containsText("anna");

            downloadPack(page);
        }
    }

    /** Downloads the audit pack, and follows the links to the evidence. */
    private static void downloadPack(Page page) throws Exception {
        page.navigate(website.address() + "/console/duties");
        assertThat(page.locator("#duties tbody tr")).hasCount(19);
        Download download = page.waitForDownload(
                () -> page.locator("a[href='/console/duties/pack']").click());
        assertThat(download.suggestedFilename()).matches("relais-audit-\\d{4}-.*Z\\.zip");
        try (ZipFile pack = new ZipFile(download.path().toFile())) {
            assertThat(pack.stream().map(ZipEntry::getName))
                    .contains("ledger.jsonl", "duties.json", "summary.html", "README.txt");
        }
        for (String evidence : List.of("/console/sweeps", "/console/ledger", "/modifications")) {
            page.navigate(website.address() + "/console/duties");
            page.locator("#duties a[href='" + evidence + "']").first().click();
            page.waitForURL(website.address() + evidence);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "fr"})
    void an_auditor_sees_every_page_and_can_change_nothing(String language) throws Exception {
        long sweep = hold();
        try (BrowserContext context = context(language, true)) {
            Page page = context.newPage();
            page.navigate(website.address() + "/console/login");
            page.locator("#name").fill("lea");
            page.locator("#password").fill(auditorKey);
            page.keyboard().press("Enter");
            page.waitForURL(website.address() + "/console");

            for (String path : CONSOLE) {
                page.navigate(website.address() + path);
                assertThat(page.url()).isEqualTo(website.address() + path);
                assertThat(page.locator("main form, main button, main a.danger").count())
                        .as(path)
                        .isZero();
            }
            page.locator("main a.relais-button").first().click();
            page.waitForURL("**/console/ledger/check");
            assertThat(page.locator(".notice.good")).isVisible();

            page.navigate(website.address() + "/console/removals/" + sweep + "/approve");
            assertThat(page.locator("#refusal")).hasText(text(language, "login.refusal.auditor"));

            downloadPack(page);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "fr"})
    void an_operator_previews_a_report(String language) throws Exception {
        try (BrowserContext context = context(language, true)) {
            context.addCookies(session());
            Page page = context.newPage();
            page.navigate(website.address() + "/console/reports");
            page.locator("a[href='/console/reports/" + MONTH + "']").click();
            page.waitForURL("**/console/reports/" + MONTH);
            page.locator("pre").waitFor();
            assertThat(page.locator("pre").textContent()).contains(MONTH + ";ENSEMBLE;;60");
            assertThat(page.locator("h2").allTextContents()).contains(text(language, "report.preview"));
        }
    }

    @Test
    void the_console_is_complete_without_scripts() throws Exception {
        hold();
        try (BrowserContext with = context("en", true);
                BrowserContext without = context("en", false)) {
            with.addCookies(session());
            without.addCookies(session());
            Page scripted = with.newPage();
            Page plain = without.newPage();
            for (String path : CONSOLE) {
                scripted.navigate(website.address() + path);
                plain.navigate(website.address() + path);
                assertThat(plain.locator("main h1, main h2, main th, main figcaption")
                                .allInnerTexts())
                        .as(path)
                        .isNotEmpty()
                        .isEqualTo(scripted.locator("main h1, main h2, main th, main figcaption")
                                .allInnerTexts());
                assertThat(plain.locator("a.renew").isVisible()).as(path).isTrue();
            }
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
