package fr.relais.web;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import fr.relais.Mirror;
import fr.relais.SilentProxy;
import fr.relais.Website;
import fr.relais.licence.LicenceRegister;
import fr.relais.licence.LicenceText;
import fr.relais.settings.Settings;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.NotHeld;
import fr.relais.watch.Watch;
import fr.relais.web.access.ApiKeys;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.mock.MockEndpoint;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.MessageSource;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** The pages and the API, as visitors and sites get them. */
class SiteIT {

    private static final String TAG = "at_medium=partner&at_offer={id}";

    /** Addresses of the console, with one that does not exist. */
    private static final List<String> CONSOLE = List.of(
            "/console",
            "/console/sweeps",
            "/console/sweeps/1",
            "/console/removals",
            "/console/reports",
            "/console/set-aside",
            "/console/routes",
            "/console/routes/relais-sweep",
            "/console/events",
            "/console/duties",
            "/console/licence",
            "/console/ledger",
            "/console/ledger/check",
            "/console/nowhere");

    @TempDir
    private static Path folder;

    private static SourceSimulator source;
    private static Mirror mirror;
    private static SilentProxy database;
    private static Website website;
    private static String id;
    private static String key;
    private static String operatorKey;
    private static String session;

    @BeforeAll
    static void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults());
        new OfferGenerator(1).fill(source.base(), 50, Instant.now(), Duration.ofDays(60), "1");
        mirror = Mirror.of(source).start();
        mirror.sweep();
        id = mirror.offers().keySet().iterator().next();
        Path logo = Files.writeString(
                folder.resolve("logo.svg"), "<svg xmlns=\"http://www.w3.org/2000/svg\"><title>Logo</title></svg>");
        database = SilentProxy.of(mirror.dataSource.getJdbcUrl());
        website = Website.of(mirror, source)
                .with("spring.datasource.url", database.url())
                .with("relais.display.xiti-tag", TAG)
                .with("relais.display.logo", logo.toString())
                .with("server.tomcat.threads.max", "20")
                .with("server.forward-headers-strategy", "native")
                .with("relais.alert.uri", "mock:alerts")
                .with("relais.budget.requests-per-minute", "1000")
                .with("relais.budget.offers", "20")
                .with("relais.budget.unopened", "20")
                .start();
        key = website.context().getBean(ApiKeys.class).add("site");
        operatorKey = website.context().getBean(ApiKeys.class).addOperator("anna");
        session = website.signIn("anna", operatorKey);
    }

    @AfterAll
    static void stop() throws IOException {
        website.close();
        database.close();
        mirror.close();
        source.close();
    }

    @AfterEach
    void makeUpToDateAgain() {
        mirror.jdbc
                .sql("update sweep set state = 'proved', started_at = utc_timestamp(3)")
                .update();
        awaitFreshness();
    }

    @Test
    void every_page_that_a_visitor_can_reach_has_the_mentions() throws Exception {
        Set<String> seen = new HashSet<>(Set.of("/", "/offres/" + id, "/offres/" + id + "/fragment", "/nowhere"));
        Deque<String> toSee = new ArrayDeque<>(seen);
        Set<String> pages = new HashSet<>();
        while (!toSee.isEmpty()) {
            String path = toSee.pop();
            HttpResponse<String> answer = website.get(path, "Accept", "text/html,*/*;q=0.8");
            assertThat(answer.statusCode()).as(path).isEqualTo(path.equals("/nowhere") ? 404 : 200);
            if (!answer.headers().firstValue("Content-Type").orElse("").startsWith("text/html")) {
                continue;
            }
            pages.add(path);
            Document page = Jsoup.parse(answer.body(), website.address() + path);
            assertMentions(page);
            assertThat(page.outerHtml()).as("missing texts").doesNotContain("??");
            for (Element link : page.select("a[href], link[href], img[src], form[action]")) {
                String address = link.absUrl(link.hasAttr("href") ? "href" : link.hasAttr("src") ? "src" : "action");
                String here = address.replaceFirst("#.*", "");
                if (here.startsWith(website.address())) {
                    String next = here.substring(website.address().length());
                    if (seen.add(next)) {
                        toSee.add(next);
                    }
                } else {
                    assertThat(link.tagName())
                            .as("nothing is loaded from %s", here)
                            .isEqualTo("a");
                }
            }
        }
        assertThat(pages).contains("/", "/offres/" + id, "/nowhere", "/modifications");
    }

    @Test
    void an_offer_that_has_been_undecided_for_too_long_is_not_shown() throws Exception {
        String basic = basic(operatorKey);
        String path = "/offres/" + id;
        try {
            mirror.jdbc
                    .sql("insert into undecided values (?, utc_timestamp(3) - interval 47 hour)")
                    .param(id)
                    .update();
            assertThat(website.get(path).statusCode()).isEqualTo(200);
            assertThat(website.get("/actuator/health", "Authorization", basic).body())
                    .contains("\"undecided\":1");
            Watch watch = website.context().getBean(Site.class).relais().watch();
            watch.dueDeliveries();
            Document today =
                    Jsoup.parse(website.get("/console", "Cookie", session).body());
            assertThat(today.selectFirst("#notices").text())
                    .contains("Some offers are undecided", "Undecided offers: 1", "Open the page Removals")
                    .doesNotContain("Alerts are only written to the log");
            assertThat(today.select(".notice p[lang=en]")).hasSize(1);
            assertThat(today.select("#notices a").eachAttr("href"))
                    .contains("/console/removals")
                    .anyMatch(link -> link.endsWith("#undecided-offers"));

            mirror.jdbc
                    .sql("update undecided set since = since - interval 2 hour")
                    .update();
            assertThat(website.get(path).statusCode()).isEqualTo(404);
            assertThat(website.get("/api" + path, "Authorization", "Bearer " + key)
                            .statusCode())
                    .isEqualTo(404);
        } finally {
            mirror.jdbc.sql("delete from undecided").update();
        }
    }

    private static void assertMentions(Document page) {
        Element mentions = page.selectFirst(".relais-mentions");
        assertThat(mentions).as(page.html()).isNotNull();
        assertThat(mentions.text()).contains("France Travail", "licence de réutilisation");
        assertThat(Instant.parse(mentions.selectFirst("time").attr("datetime"))).isEqualTo(updatedAt());
        assertThat(mentions.select("a[rel=license]").attr("href")).startsWith("https://francetravail.io/");
        assertThat(mentions.select("a").eachAttr("href")).contains(website.address() + "/modifications");
    }

    private static Instant updatedAt() {
        return mirror.jdbc
                .sql("select max(started_at) from sweep where state = 'proved'")
                .query(LocalDateTime.class)
                .single()
                .toInstant(ZoneOffset.UTC);
    }

    @Test
    void an_offer_page_shows_the_whole_offer_with_logo_tag_and_job_posting() throws Exception {
        HttpResponse<String> answer = website.get("/offres/" + id);

        assertThat(answer.headers().firstValue("Cache-Control")).contains("private, no-store");
        assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'")
                .doesNotContain("unsafe");
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
        Document page = Jsoup.parse(answer.body());
        JsonNode offer = new ObjectMapper().readTree(mirror.offers().get(id));
        assertThat(page.select("h1").text()).isEqualTo(offer.get("intitule").asText());
        assertThat(page.select(".relais-description dd").text())
                .isEqualTo(offer.get("description").asText().replaceAll("\\s+", " "));
        assertThat(page.select("a.relais-button").attr("href"))
                .isEqualTo(offer.at("/origineOffre/urlOrigine").asText() + "?at_medium=partner&at_offer=" + id);
        assertThat(website.get(page.select("img").attr("src")).body()).contains("<title>Logo</title>");
        assertThat(page.select("meta[name=robots]").attr("content")).isEqualTo("noarchive");
        JsonNode posting = new ObjectMapper()
                .readTree(page.selectFirst("script[type=application/ld+json]").data());
        assertThat(posting.path("@type").asText()).isEqualTo("JobPosting");
        assertThat(posting.path("title")).isEqualTo(offer.get("intitule"));
        assertThat(posting.path("datePosted")).isEqualTo(offer.get("dateCreation"));
        assertThat(posting.path("url").asText()).isEqualTo(website.address() + "/offres/" + id);
    }

    @Test
    void every_mirrored_offer_has_a_page_whatever_its_id() throws Exception {
        Set<String> before = mirror.offers().keySet();
        List<String> ids = List.of("A/1", "A.1_b-2", "A?1", "A%1", "A;1", "...", "A+1");
        for (String odd : ids) {
            source.base().putRaw(odd, Instant.now(), "1", ("{\"id\":\"" + odd + "\"}").getBytes());
        }
        try {
            mirror.sweep();
            Set<String> mirrored = new HashSet<>(mirror.offers().keySet());
            mirrored.removeAll(before);

            for (String odd : mirrored) {
                String path = "/offres/" + URLEncoder.encode(odd, StandardCharsets.UTF_8);
                assertThat(website.get(path, "X-Forwarded-For", "192.0.2.1").statusCode())
                        .as(path)
                        .isEqualTo(200);
            }
            assertThat(mirrored).containsExactlyInAnyOrder("A.1_b-2", "...");
            assertThat(mirror.jdbc
                            .sql("select distinct reason from set_aside")
                            .query(String.class)
                            .list())
                    .containsExactly("the id is not 1 to 64 letters, digits, dots, dashes or underscores");
        } finally {
            ids.forEach(source.base()::remove);
            mirror.jdbc.sql("delete from set_aside").update();
        }
    }

    @Test
    void a_view_is_counted_only_when_an_offer_is_shown() throws Exception {
        long before = views();
        website.get("/offres/" + id);
        website.get("/offres/" + id + "/fragment");
        assertThat(views()).isEqualTo(before + 2);

        website.get("/offres/NONE");
        website.get("/");
        website.get("/api/offres/" + id, "Authorization", "Bearer " + key);
        website.head("/offres/" + id);
        assertThat(views()).isEqualTo(before + 2);
        assertThat(mirror.jdbc
                        .sql("select sum(robots) from view_count")
                        .query(Long.class)
                        .single())
                .isZero();
        website.get(
                "/offres/" + id,
                "User-Agent",
                "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)");
        assertThat(mirror.jdbc
                        .sql("select sum(robots) from view_count")
                        .query(Long.class)
                        .single())
                .isOne();
    }

    private static long views() {
        return mirror.jdbc
                .sql("select coalesce(sum(views), 0) from view_count")
                .query(Long.class)
                .single();
    }

    @Test
    void a_removed_offer_is_answered_like_an_unknown_one() throws Exception {
        String gone = mirror.offers().keySet().stream().skip(1).findFirst().orElseThrow();
        assertThat(website.get("/offres/" + gone).statusCode()).isEqualTo(200);
        source.base().remove(gone);
        mirror.sweep();

        for (String form : List.of("/offres/%s", "/offres/%s/fragment")) {
            HttpResponse<String> removed = website.get(form.formatted(gone));
            HttpResponse<String> unknown = website.get(form.formatted("NEVER"));
            assertThat(removed.statusCode()).isEqualTo(404);
            assertThat(removed.body())
                    .contains("pourvue ou retirée", "https://candidat.francetravail.fr/offres/recherche");
            assertThat(removed.body().replace(gone, "NEVER")).isEqualTo(unknown.body());
        }
        HttpResponse<String> answer = website.get("/api/offres/" + gone, "Authorization", "Bearer " + key);
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("derniereMiseAJour");
    }

    @ParameterizedTest
    @CsvSource({
        "12, proved, 200, FRESH",
        "30, proved, 200, STALE",
        "50, proved, 503, WITHDRAWN",
        "1, restored, 503, WITHDRAWN",
        "1, incomplete, 503, WITHDRAWN"
    })
    void offers_have_a_banner_when_out_of_date_and_are_withdrawn_when_too_old_restored_or_never_proved(
            int hours, String state, int status, String freshness) throws Exception {
        mirror.jdbc
                .sql("update sweep set state = ?, started_at = timestampadd(hour, -?, utc_timestamp(3))")
                .params(state, hours)
                .update();
        awaitFreshness();

        for (String path : List.of("/offres/" + id, "/offres/" + id + "/fragment")) {
            HttpResponse<String> answer = website.get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(status);
            assertThat(answer.body().contains("plus de 24 heures")).as(path).isEqualTo(freshness.equals("STALE"));
            assertThat(answer.headers().firstValue("Retry-After").isPresent()).isEqualTo(status == 503);
        }
        assertThat(website.get("/api/offres/" + id, "Authorization", "Bearer " + key)
                        .statusCode())
                .isEqualTo(status);
        assertThat(website.get("/").statusCode()).isEqualTo(200);
        assertThat(website.get("/").body()).contains(status == 503 ? "ne peuvent pas être affichées" : "offres");
        awaitHealth("freshness", freshness.equals("FRESH") ? "UP" : "OUT_OF_SERVICE", freshness);
        assertThat(website.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
        assertThat(website.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
    }

    @Test
    void a_sealed_mirror_shows_no_offer_and_says_so() throws Exception {
        mirror.relais().seal().seal("the licence has ended", null);
        try {
            Site site = website.context().getBean(Site.class);
            await().until(() -> site.freshness().seal() != null);

            for (String path : List.of("/offres/" + id, "/offres/" + id + "/fragment")) {
                HttpResponse<String> answer = website.get(path);
                assertThat(answer.statusCode()).as(path).isEqualTo(410);
                assertThat(answer.body())
                        .contains("plus l’autorisation", "https://candidat.francetravail.fr/offres/recherche");
            }
            HttpResponse<String> answer = website.get("/api/offres/" + id, "Authorization", "Bearer " + key);
            assertThat(answer.statusCode()).isEqualTo(410);
            assertThat(answer.body()).contains("stop showing the offer");
            assertThat(website.get("/").body()).contains("ne présente plus d’offres d’emploi");
            awaitHealth("freshness", "OUT_OF_SERVICE", "WITHDRAWN");
        } finally {
            mirror.relais().seal().open(null);
        }
        await().until(() -> website.get("/offres/" + id).statusCode() == 200);
    }

    @Test
    void the_health_page_shows_an_alert_that_was_not_delivered_until_it_is() throws Exception {
        CamelContext camel = website.context().getBean(CamelContext.class);
        MockEndpoint alerts = camel.getEndpoint("mock:alerts", MockEndpoint.class);
        ProducerTemplate watch = camel.createProducerTemplate();
        mirror.jdbc.sql("update sweep set state = 'held'").update();
        try {
            alerts.whenAnyExchangeReceived(exchange -> {
                throw new IOException("refused");
            });
            watch.sendBody("direct:relais-watch", null);
            awaitHealth("alerts", "OUT_OF_SERVICE", "not delivered");
        } finally {
            alerts.reset();
        }
        watch.sendBody("direct:relais-watch", null);
        awaitHealth("alerts", "UP", "");
    }

    @ParameterizedTest
    @CsvSource({"SUSPECT, OUT_OF_SERVICE", "SUSPENDED, DOWN"})
    void the_health_page_distinguishes_a_suspect_account_from_a_suspended_one(String state, String status) {
        mirror.jdbc
                .sql("insert into account (credentials, state, since) values (?, ?, utc_timestamp(3))")
                .params(website.context().getBean(Settings.class).source().accountDigest(), state)
                .update();
        try {
            awaitHealth("account", status, state);
        } finally {
            mirror.jdbc.sql("delete from account").update();
        }
    }

    private static void awaitHealth(String component, String status, String state) {
        await().untilAsserted(() -> {
            JsonNode page = new ObjectMapper()
                    .readTree(website.get("/actuator/health", "Authorization", basic(operatorKey))
                            .body());
            JsonNode health = page.path("components").path(component);
            assertThat(health.path("status").asText()).as(page.toString()).isEqualTo(status);
            assertThat(health.path("details").path("state").asText()).isEqualTo(state);
            assertThat(page.path("components")
                            .path("camelHealth")
                            .path("status")
                            .asText())
                    .as("without the checks of Relais")
                    .isEqualTo("UP");
        });
    }

    /** Licence, article 3.1. */
    @Test
    void only_the_client_that_opens_too_many_offers_is_refused_until_tomorrow() throws Exception {
        String[] greedy = {"X-Forwarded-For", "198.51.100.1"};
        List<String> ids = List.copyOf(mirror.offers().keySet());
        for (String each : ids.subList(0, 20)) {
            assertThat(website.get("/offres/" + each, greedy).statusCode()).isEqualTo(200);
        }

        for (String form : List.of("/offres/%s", "/offres/%s/fragment")) {
            HttpResponse<String> refused = website.get(form.formatted(ids.get(20)), greedy);
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(Long.parseLong(
                            refused.headers().firstValue("Retry-After").orElseThrow()))
                    .isBetween(1L, 25 * 3600L);
            assertThat(refused.body()).contains("demain");
        }
        assertThat(website.get("/offres/" + ids.get(0), greedy).statusCode()).isEqualTo(200);
        assertThat(website.get("/offres/" + ids.get(20), "X-Forwarded-For", "198.51.100.200")
                        .statusCode())
                .as("another address of the same carrier")
                .isEqualTo(200);
        assertThat(website.get(
                                "/offres/" + ids.get(20) + "/fragment",
                                "X-Forwarded-For",
                                "198.51.100.1",
                                "Authorization",
                                "Bearer " + key)
                        .statusCode())
                .as("a site that shows fragments has a budget of its own")
                .isEqualTo(200);
    }

    @Test
    void a_document_of_the_changelog_is_sent_again_only_when_it_has_changed() throws Exception {
        for (String path : List.of("/modifications.csv", "/modifications.json", "/modifications.atom")) {
            HttpResponse<String> first = website.get(path);
            String etag = first.headers().firstValue("ETag").orElseThrow();
            HttpResponse<String> again = website.get(path, "If-None-Match", etag);

            assertThat(again.statusCode()).as(path).isEqualTo(304);
            assertThat(again.body()).isEmpty();
            mirror.jdbc.sql("update sweep set unchanged = unchanged + 1").update();
            HttpResponse<String> changed =
                    await().until(() -> website.get(path, "If-None-Match", etag), answer -> answer.statusCode() == 200);
            assertThat(changed.body()).isNotEqualTo(first.body());
            assertThat(changed.headers().firstValue("ETag")).isPresent().isNotEqualTo(Optional.of(etag));
        }
    }

    @Test
    void the_changelog_is_rate_limited_like_offers() throws Exception {
        String[] hasty = {"X-Forwarded-For", "198.18.0.1"};
        HttpResponse<String> answer = website.get("/modifications", hasty);
        for (int i = 0; i < 2_000 && answer.statusCode() != 429; i++) {
            answer = website.get("/modifications.atom", hasty);
        }

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(website.get("/modifications", "X-Forwarded-For", "198.18.1.1")
                        .statusCode())
                .isEqualTo(200);
    }

    /** Waits until the pages show the current freshness, which they cache for one second. */
    private static void awaitFreshness() {
        Site site = website.context().getBean(Site.class);
        Instant now = mirror.relais().freshness().read().updatedAt();
        await().ignoreExceptions().until(() -> Objects.equals(site.freshness().updatedAt(), now));
    }

    @Test
    void an_offer_that_cannot_be_read_or_counted_is_not_shown() throws Exception {
        for (String table : List.of("offer", "view_count")) {
            mirror.jdbc.sql("rename table " + table + " to away").update();
            try {
                HttpResponse<String> answer = website.get("/offres/" + id);
                assertThat(answer.statusCode()).as(table).isEqualTo(503);
                assertThat(answer.headers().firstValue("Retry-After")).isPresent();
                assertMentions(Jsoup.parse(answer.body()));
            } finally {
                mirror.jdbc.sql("rename table away to " + table).update();
            }
        }
    }

    /** The database accepts connections and never answers. More requests arrive than the web server has threads. */
    @Test
    void a_silent_database_costs_no_request_more_than_three_seconds() throws Exception {
        String[] site = {"Authorization", "Bearer " + key};
        String[] operator = {"Cookie", session};
        website.get("/offres/" + id);
        try {
            database.fallSilentIn("select content from offer");
            assertRefusedInTime(website.timed("/offres/" + id));
            assertThat(database.isSilent()).isTrue();

            for (int round = 0; round < 2; round++) {
                List<CompletableFuture<Website.Timed>> pages = new ArrayList<>();
                List<CompletableFuture<Website.Timed>> health = new ArrayList<>();
                for (int i = 0; i < 6; i++) {
                    pages.add(website.timed("/offres/" + id));
                    pages.add(website.timed("/offres/" + id + "/fragment", site));
                    pages.add(website.timed("/api/offres/" + id, site));
                    pages.add(website.timed("/"));
                    pages.add(website.timed("/modifications"));
                    pages.add(website.timed("/modifications.json"));
                    pages.add(website.timed("/console", operator));
                    health.add(website.timed("/actuator/health"));
                    health.add(website.timed("/actuator/health/readiness"));
                }
                for (CompletableFuture<Website.Timed> page : pages) {
                    assertRefusedInTime(page);
                }
                for (CompletableFuture<Website.Timed> each : health) {
                    Website.Timed answer = each.get(60, TimeUnit.SECONDS);
                    assertThat(answer.response().statusCode())
                            .as(answer.response().body())
                            .isEqualTo(503);
                    assertThat(answer.time()).isLessThan(Duration.ofSeconds(3));
                }
            }
            for (String path : List.of("/relais.css", "/robots.txt", "/actuator/health/liveness")) {
                Website.Timed answer = website.timed(path, site).get(60, TimeUnit.SECONDS);
                assertThat(answer.response().statusCode()).as(path).isEqualTo(200);
                assertThat(answer.time()).isLessThan(Duration.ofSeconds(3));
            }
        } finally {
            database.speak();
        }
        await().until(() -> website.get("/offres/" + id).statusCode() == 200);
        await().until(() -> website.get("/actuator/health/readiness").statusCode() == 200);
    }

    private static void assertRefusedInTime(CompletableFuture<Website.Timed> request) throws Exception {
        Website.Timed answer = request.get(60, TimeUnit.SECONDS);
        assertThat(answer.response().statusCode()).as(answer.toString()).isEqualTo(503);
        assertThat(answer.response().headers().firstValue("Retry-After"))
                .as(answer.toString())
                .isPresent();
        assertThat(answer.time()).as(answer.toString()).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void entering_the_number_of_an_offer_leads_to_its_page() throws Exception {
        assertThat(website.get("/offres?id=%20" + id + "%20").uri().getPath()).isEqualTo("/offres/" + id);
        assertThat(website.get("/offres?id=").uri().getPath()).isEqualTo("/");
        HttpResponse<String> hostile = website.get("/offres?id=%2F%2Fevil.example%2F%3Cscript%3E");
        assertThat(hostile.statusCode()).isEqualTo(404);
        assertThat(hostile.body()).contains("//evil.example/&lt;script&gt;");
    }

    @Test
    void the_api_returns_the_content_byte_for_byte_with_the_mentions() throws Exception {
        HttpResponse<String> answer = website.get("/api/offres/" + id, "Authorization", "Bearer " + key);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(website.get("/api/offres/" + id, "Authorization", "Bearer " + key, "Accept", "application/yaml")
                        .statusCode())
                .isEqualTo(406);
        assertThat(website.get("/api/views", "Authorization", "Bearer " + key).statusCode())
                .isEqualTo(405);
        assertThat(website.get("/modifications.%63sv").statusCode()).isEqualTo(200);
        assertThat(answer.body()).startsWith("{\"offre\":" + mirror.offers().get(id) + ",");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("private, no-store");
        assertThat(answer.headers().firstValue("Link"))
                .contains("<https://francetravail.io/data/api/offres-emploi>; rel=\"license\"");
        JsonNode json = new ObjectMapper().readTree(answer.body());
        assertThat(json.path("lien").asText()).endsWith("/" + id + "?at_medium=partner&at_offer=" + id);
        assertThat(Instant.parse(json.at("/mentions/derniereMiseAJour").asText()))
                .isEqualTo(updatedAt());
        assertThat(json.at("/mentions/urlModifications").asText()).isEqualTo(website.address() + "/modifications");
    }

    @Test
    void pages_the_api_and_the_health_check_name_the_version_of_the_licence() throws Exception {
        LicenceRegister register = mirror.relais().licence();
        LocalDate today = LocalDate.now(ZoneId.of("Europe/Paris"));
        assertThat(licenceLink("/")).isEqualTo("Lire la licence");
        register.recordNotice("2", today.minusDays(16), new LicenceText("licence.pdf", "00"), "anna");
        try {
            await().untilAsserted(() -> assertThat(licenceLink("/")).isEqualTo("Lire la licence (version 2)"));
            assertThat(licenceLink("/offres/" + id)).isEqualTo("Lire la licence (version 2)");
            JsonNode mentions = new ObjectMapper()
                    .readTree(website.get("/api/offres/" + id, "Authorization", "Bearer " + key)
                            .body())
                    .path("mentions");
            assertThat(mentions.path("versionLicence").asText()).isEqualTo("2");
            assertThat(mentions.path("licence").asText()).endsWith(", version 2.");
            awaitHealth("licence", "UP", "");

            register.recordNotice("3", today, new LicenceText("licence.pdf", "00"), "anna");
            register.refuse("3", "anna");
            awaitHealth("licence", "OUT_OF_SERVICE", "");
            register.withdraw("3", "anna");
        } finally {
            register.withdraw("2", "anna");
        }
        await().untilAsserted(() -> assertThat(licenceLink("/")).isEqualTo("Lire la licence"));
    }

    private static String licenceLink(String path) throws Exception {
        return Jsoup.parse(website.get(path).body()).select("a[rel=license]").text();
    }

    @Test
    void the_api_requires_a_key() throws Exception {
        assertThat(website.get("/api/offres/" + id).statusCode()).isEqualTo(401);
        assertThat(website.get("/api/offres/" + id, "Authorization", "Bearer wrong")
                        .statusCode())
                .isEqualTo(401);
        assertThat(website.get("/actuator/health", "Authorization", basic(operatorKey))
                        .body())
                .contains("freshness");
        assertThat(website.get("/actuator/health", "X-Forwarded-For", "203.0.113.7")
                        .body())
                .doesNotContain("freshness")
                .contains("status");
    }

    @Test
    void a_stranger_gets_nothing_of_the_console_but_the_login_page() throws Exception {
        // Behind a proxy, a client can write any address into this header.
        List<String[]> strangers = new ArrayList<>();
        for (String address : List.of("203.0.113.7", "127.0.0.1", "127.0.0.1, 10.42.0.7", "localhost", "::1")) {
            strangers.add(new String[] {"X-Forwarded-For", address});
        }
        for (String authorization :
                List.of("Bearer " + key, basic(key), basic(operatorKey), "Bearer " + operatorKey, "Basic !")) {
            strangers.add(new String[] {"Authorization", authorization});
        }
        strangers.add(new String[] {"Cookie", "relais-console=0123456789ABCDEF"});
        for (String path : CONSOLE) {
            for (String[] stranger : strangers) {
                HttpResponse<String> answer = website.unredirected("GET", path, "", stranger);
                assertThat(answer.statusCode()).as(path).isEqualTo(302);
                assertThat(answer.headers().firstValue("Location").orElse(""))
                        .matches("/console/login(\\?to=" + path + ")?");
                assertThat(answer.body()).isEmpty();
                assertThat(answer.headers().firstValue("Set-Cookie")).as(path).isEmpty();
            }
            assertThat(website.unredirected("GET", path, "", "Accept", "text/event-stream")
                            .statusCode())
                    .as(path)
                    .isEqualTo(401);
            assertThat(website.unredirected("POST", path, "").statusCode())
                    .as(path)
                    .isEqualTo(403);
        }
        HttpResponse<String> login = website.get("/console/login?to=/console/sweeps");
        Document page = Jsoup.parse(login.body());
        assertThat(page.select("nav.pages, #badge")).isEmpty();
        assertThat(page.select("input[name=to]").val()).isEqualTo("/console/sweeps");
        assertThat(login.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("script-src 'self'", "connect-src 'self'");
        assertThat(website.get("/")
                        .headers()
                        .firstValue("Content-Security-Policy")
                        .orElse(""))
                .doesNotContain("script-src", "connect-src");
    }

    @Test
    void an_operator_signs_in_and_out_with_a_form() throws Exception {
        HttpResponse<String> form = website.get("/console/login");
        HttpResponse<String> answer = website.signIn(form, "anna", operatorKey, "X-Forwarded-Proto", "https");
        assertThat(answer.headers().allValues("Set-Cookie")).anySatisfy(cookie -> assertThat(cookie)
                .startsWith("relais-console=")
                .contains("; Path=/console;", "; Secure", "; HttpOnly", "; SameSite=Lax"));
        String cookies = website.signIn("anna", operatorKey);
        for (String path : CONSOLE) {
            HttpResponse<String> page = website.unredirected("GET", path, "", "Cookie", cookies);
            assertThat(page.statusCode()).as(path).isEqualTo(path.contains("nowhere") ? 404 : 200);
            assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
        }
        // The session opens neither the API nor the details of the health check.
        assertThat(website.get("/api/offres/" + id, "Cookie", cookies).statusCode())
                .isEqualTo(401);
        assertThat(website.get("/actuator/health", "Cookie", cookies).body()).doesNotContain("freshness");

        HttpResponse<String> page = website.unredirected("GET", "/console", "", "Cookie", cookies);
        assertThat(website.unredirected("POST", "/console/logout", "", "Cookie", cookies)
                        .statusCode())
                .as("a sign-out that another site has caused")
                .isEqualTo(403);
        String token = Website.cookies(page).isEmpty() ? cookies : cookies + "; " + Website.cookies(page);
        assertThat(website.unredirected("POST", "/console/logout", "_csrf=" + Website.csrf(page), "Cookie", token)
                        .statusCode())
                .isEqualTo(302);
        assertThat(website.unredirected("GET", "/console", "", "Cookie", cookies)
                        .statusCode())
                .isEqualTo(302);
    }

    @Test
    void a_wrong_name_or_a_wrong_key_is_refused_and_ten_failures_stop_the_attempts_of_a_client() throws Exception {
        HttpResponse<String> form = website.get("/console/login");
        String[] client = {"X-Forwarded-For", "203.0.113.200"};
        // A site's key, a wrong name and a wrong key.
        String[][] attempts = {{"site", key}, {"bob", operatorKey}, {"eve", "x"}};
        for (int i = 0; i < 10; i++) {
            String[] attempt = attempts[i % attempts.length];
            HttpResponse<String> answer = website.signIn(form, attempt[0], attempt[1], client);
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body()).contains("do not match").doesNotContain(attempt[1] + "<");
        }
        HttpResponse<String> refused = website.signIn(form, "anna", operatorKey, client);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(Long.parseLong(refused.headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(800L, 900L);
        assertThat(refused.body()).contains("Too many attempts");
        assertThat(website.signIn(form, "anna", operatorKey).statusCode()).isEqualTo(302);
    }

    @Test
    void the_session_of_a_revoked_key_ends_within_seconds() throws Exception {
        ApiKeys keys = website.context().getBean(ApiKeys.class);
        String shortLived = keys.addOperator("carl");
        HttpResponse<String> form = website.get("/console/login");
        // A new key is known within three seconds.
        await().pollInterval(Duration.ofSeconds(1))
                .until(() -> website.signIn(form, "carl", shortLived, "X-Forwarded-For", "203.0.113.201")
                                .statusCode()
                        == 302);
        String cookies = website.signIn("carl", shortLived);
        assertThat(website.unredirected("GET", "/console", "", "Cookie", cookies)
                        .statusCode())
                .isEqualTo(200);

        assertThat(keys.addFirstOperator()).as("anna and carl exist").isEmpty();
        keys.revoke("carl");

        await().until(() ->
                website.unredirected("GET", "/console", "", "Cookie", cookies).statusCode() == 302);
    }

    @ParameterizedTest
    @CsvSource({
        "/console, today",
        "/console/sweeps, sweeps",
        "/console/set-aside, set-aside",
        "/console/routes, routes",
        "/console/removals, removals",
        "/console/reports, reports",
        "/console/events, events",
        "/console/duties, duties",
        "/console/licence, licence",
        "/console/ledger, ledger",
        "/console/nowhere, absent",
    })
    void each_page_of_the_console_is_in_english_and_in_french(String path, String name) throws Exception {
        for (Locale locale : List.of(Locale.UK, Locale.FRANCE)) {
            HttpResponse<String> answer = website.get(
                    path, "Cookie", session, "Accept-Language", "de, " + locale.getLanguage() + ";q=0.8, en;q=0.1");
            Document page = Jsoup.parse(answer.body());
            MessageSource texts = website.context();
            assertThat(page.selectFirst("html").attr("lang")).isEqualTo(locale.getLanguage());
            assertThat(page.selectFirst("h1").text()).isEqualTo(texts.getMessage(name + ".title", null, locale));
            assertThat(page.outerHtml()).as("missing texts").doesNotContain("??");
            assertThat(page.select("body > *"))
                    .as("link to the content, header, content")
                    .hasSize(3);
            assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        }
    }

    @Test
    void a_stream_renews_the_live_regions_until_the_operator_signs_out() throws Exception {
        String cookies = website.signIn("anna", operatorKey);
        HttpResponse<Stream<String>> live =
                website.stream("/console/live?page=sweeps", "Cookie", cookies + "; lang=fr");
        assertThat(live.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Void> end =
                CompletableFuture.runAsync(() -> live.body().forEach(lines::add));

        await().until(() -> String.join("\n", lines).contains("Aucun balayage n’est en cours"));
        assertThat(String.join("\n", lines))
                .contains("event:live", "id=\"badge\"", "id=\"progress\"")
                .doesNotContain("<h1");
        mirror.jdbc.sql("update sweep set state = 'reading'").update();
        await().until(() -> String.join("\n", lines).contains("Un balayage est en cours"));

        HttpResponse<String> page = website.unredirected("GET", "/console", "", "Cookie", cookies);
        website.unredirected("POST", "/console/logout", "_csrf=" + Website.csrf(page), "Cookie", cookies);
        end.get(10, TimeUnit.SECONDS);
        assertThat(website.stream("/console/live?page=sweeps", "Cookie", cookies, "Accept", "text/event-stream")
                        .statusCode())
                .isEqualTo(401);
        assertThat(website.stream("/console/live?page=nowhere", "Cookie", session)
                        .statusCode())
                .isEqualTo(503);
    }

    @Test
    void open_streams_are_limited_and_do_not_delay_the_stop() throws Exception {
        List<CompletableFuture<Long>> ends = new ArrayList<>();
        Duration stop;
        try (Website open =
                Website.of(mirror, source).with("relais.console.local", "true").start()) {
            for (int i = 0; i < 50; i++) {
                HttpResponse<Stream<String>> live = open.stream("/console/live?page=today");
                assertThat(live.statusCode()).isEqualTo(200);
                ends.add(CompletableFuture.supplyAsync(() -> live.body().count(), task -> new Thread(task).start()));
            }
            HttpResponse<Stream<String>> refused = open.stream("/console/live?page=today");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).contains("10");
            assertThat(Thread.getAllStackTraces().keySet().stream()
                            .filter(thread -> thread.getName().startsWith("relais-live")))
                    .hasSizeLessThanOrEqualTo(5 + 5);
            long start = System.nanoTime();
            open.close();
            stop = Duration.ofNanos(System.nanoTime() - start);
        }
        for (CompletableFuture<Long> end : ends) {
            assertThat(end.get(5, TimeUnit.SECONDS)).isNotNegative();
        }
        assertThat(stop).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void an_engineer_finds_which_route_failed_last_and_why_and_sees_its_steps() throws Exception {
        String[] operator = {"Cookie", session + "; lang=en"};
        ProducerTemplate producer =
                website.context().getBean(CamelContext.class).createProducerTemplate();
        assertThatThrownBy(() -> producer.sendBody("direct:relais-refuse-removals", 4_711L))
                .hasRootCauseInstanceOf(NotHeld.class);

        Document routes = Jsoup.parse(website.get("/console/routes", operator).body());
        Element failure = routes.selectFirst("#failures .notice");
        assertThat(failure.selectFirst("a").attr("href")).isEqualTo("/console/routes/relais-refuse-removals");
        assertThat(failure.text()).contains("Sweep 4711 holds no removals");
        assertThat(routes.select("caption").eachText()).isSorted().contains("10-sweep", "80-watch");

        Document route = Jsoup.parse(
                website.get("/console/routes/relais-refuse-removals", operator).body());
        assertThat(route.selectFirst("h1").text()).isEqualTo("relais-refuse-removals");
        assertThat(route.text()).contains("Sweep 4711 holds no removals");
        assertThat(route.select("svg text").eachText())
                .containsExactly("direct:relais-refuse-removals", "relaisSweeps.refuse(${body}, ${variable.person})");
        Document caller = Jsoup.parse(
                website.get("/console/routes/relais-call-source", operator).body());
        assertThat(caller.select("svg a").eachAttr("href")).contains("/console/routes/relais-renew-token");
        assertThat(caller.select("svg text").eachText())
                .contains("relais-call-source-api → {{relais.source.base-url}}");
        assertThat(website.get("/console/routes/nothing", operator).statusCode())
                .isEqualTo(404);
    }

    @Test
    void the_chosen_language_of_the_console_is_kept_in_a_cookie() throws Exception {
        String[] operator = {"Cookie", session, "Accept-Language", "en"};
        HttpResponse<String> french = website.get("/console?lang=fr", operator);
        assertThat(french.body()).contains("lang=\"fr\"");
        assertThat(french.headers().firstValue("Set-Cookie").orElse(""))
                .startsWith("lang=fr; Path=/console;")
                .contains("HttpOnly", "SameSite=Lax");
        assertThat(website.get("/console", "Cookie", session + "; lang=fr").body())
                .contains("lang=\"fr\"");
        assertThat(website.get("/console?lang=xx", operator).headers().firstValue("Set-Cookie"))
                .isEmpty();
        // Public pages have one language and no cookie.
        HttpResponse<String> home = website.get("/?lang=en", "Accept-Language", "en", "Cookie", "lang=en");
        assertThat(home.body()).contains("lang=\"fr\"");
        assertThat(home.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void public_pages_stay_open_to_requests_with_a_wrong_key() throws Exception {
        String basic = basic("wrong");
        for (String authorization : List.of("Bearer wrong", basic, "Basic !", "Digest x")) {
            for (String path : List.of("/", "/offres/" + id, "/offres/" + id + "/fragment", "/modifications")) {
                assertThat(website.get(path, "Authorization", authorization).statusCode())
                        .as("%s with %s", path, authorization)
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void a_request_whose_key_cannot_be_checked_is_answered_503_instead_of_401() throws Exception {
        mirror.jdbc.sql("rename table api_key to away").update();
        try {
            String[] site = {"Authorization", "Bearer " + key};
            // Keys are cached for a few seconds.
            await().until(() -> website.get("/api/offres/" + id, site).statusCode() == 503);
            HttpResponse<String> answer = website.get("/api/offres/" + id, site);
            assertThat(answer.headers().firstValue("Retry-After")).contains("10");
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/json");
            assertThat(answer.body()).contains("keys cannot be checked now; try again");
            HttpResponse<String> form = website.get("/console/login");
            for (HttpResponse<String> console :
                    List.of(website.get("/console", "Cookie", session), website.signIn(form, "anna", operatorKey))) {
                assertThat(console.statusCode()).isEqualTo(503);
                assertThat(console.headers().firstValue("Retry-After")).contains("10");
                assertThat(console.body()).contains("the database does not answer");
            }
            for (String path : List.of("/", "/modifications", "/relais.css", "/robots.txt")) {
                assertThat(website.get(path, site).statusCode()).as(path).isEqualTo(200);
            }
        } finally {
            mirror.jdbc.sql("rename table away to api_key").update();
        }
        await().until(() -> website.get("/api/offres/" + id, "Authorization", "Bearer " + key)
                        .statusCode()
                == 200);
    }

    @Test
    void a_sites_key_shows_no_details_of_the_health_and_an_operators_key_does_not_open_the_api() throws Exception {
        for (String authorization : List.of(basic(key), "Bearer " + key)) {
            assertThat(website.get("/actuator/health", "Authorization", authorization)
                            .body())
                    .doesNotContain("freshness");
        }
        for (String authorization : List.of(basic(operatorKey), "Bearer " + operatorKey)) {
            assertThat(website.get("/api/offres/" + id, "Authorization", authorization)
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void the_console_does_not_wait_until_the_views_of_a_month_are_added_up() throws Exception {
        website.get("/offres/" + id);
        String pending = "not added up yet";
        try (Website fresh = Website.of(mirror, source)
                        .with("relais.console.local", "true")
                        .start();
                Connection connection = mirror.dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("lock tables view_count write");
            try {
                HttpResponse<String> answer = fresh.get("/console/reports");
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                assertThat(answer.body()).contains(pending);
            } finally {
                statement.execute("unlock tables");
            }

            await().until(() -> !fresh.get("/console/reports").body().contains(pending));
        }
    }

    @Test
    void a_request_from_the_machine_itself_opens_the_console_only_if_a_setting_allows_it() throws Exception {
        try (Website closed = Website.of(mirror, source).start()) {
            assertThat(closed.get("/console").uri().getPath()).isEqualTo("/console/login");
            assertThat(closed.get("/actuator/health").body()).doesNotContain("freshness");
        }
        try (Website open =
                Website.of(mirror, source).with("relais.console.local", "true").start()) {
            assertThat(open.get("/console").statusCode()).isEqualTo(200);
            assertThat(open.get("/console").body()).contains("Alerts are only written to the log");
            assertThat(open.get("/actuator/health").body()).contains("freshness");
            for (String[] header : new String[][] {
                {"X-Forwarded-For", "127.0.0.1"},
                {"Forwarded", "for=127.0.0.1"}
            }) {
                assertThat(open.unredirected("GET", "/console", "", header).statusCode())
                        .as(header[1])
                        .isEqualTo(302);
                assertThat(open.get("/actuator/health", header).body())
                        .as(header[1])
                        .doesNotContain("freshness");
            }
            // The page of another site whose name leads to this machine.
            for (String host : List.of("relais.evil.example", "localhost.evil.example", "127.0.0.1.evil.example")) {
                assertThat(open.getAs(host, "/console")).as(host).startsWith("HTTP/1.1 302");
                assertThat(open.getAs(host, "/actuator/health")).as(host).doesNotContain("freshness");
            }
            assertThat(open.getAs("localhost", "/console")).startsWith("HTTP/1.1 200");
            assertThat(open.unredirected("POST", "/console", "").statusCode())
                    .as("a form of another site")
                    .isEqualTo(403);
        }
        try (Website behindProxy = Website.of(mirror, source)
                .with("relais.console.local", "true")
                .with("relais.console.password", "a long password")
                .with("server.forward-headers-strategy", "native")
                .start()) {
            assertThat(behindProxy.get("/console").uri().getPath()).isEqualTo("/console/login");
            // The password of the settings needs no key in the database.
            String cookies = behindProxy.signIn("operator", "a long password");
            assertThat(behindProxy.get("/console", "Cookie", cookies).uri().getPath())
                    .isEqualTo("/console");
            HttpResponse<String> form = behindProxy.get("/console/login");
            assertThat(behindProxy.signIn(form, "operator", "a long passwore").statusCode())
                    .isEqualTo(401);
            assertThat(behindProxy.signIn(form, "anna", "a long password").statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void forged_proxy_headers_change_no_page() throws Exception {
        for (String address : List.of("unknown", "_hidden", "203.0.113.7:51234", "[2001:db8::1]:443", "no.example")) {
            assertThat(website.get("/", "X-Forwarded-For", address).statusCode())
                    .as(address)
                    .isEqualTo(200);
        }
        for (String path : List.of("/", "/offres/" + id, "/offres?id=" + id)) {
            HttpResponse<String> answer = website.get(path, "X-Forwarded-Host", "evil.example");
            assertThat(answer.uri().getHost()).isEqualTo("127.0.0.1");
            assertThat(answer.body()).contains("relais-mentions").doesNotContain("evil.example");
            assertThat(answer.headers().firstValue("Cache-Control")).isPresent();
        }
    }

    /** All files in the jars bear the same time, so that it does not tell whether a file has changed. */
    @Test
    void a_style_sheet_is_not_kept_for_the_time_of_its_file() throws Exception {
        HttpResponse<String> answer = website.get("/relais.css");

        assertThat(answer.headers().firstValue("Cache-Control")).contains("max-age=3600, public");
        assertThat(answer.headers().firstValue("Last-Modified")).isEmpty();
    }

    @Test
    void camel_gives_up_work_in_progress_before_the_pod_is_killed() {
        assertThat(website.context()
                        .getBean(CamelContext.class)
                        .getShutdownStrategy()
                        .getTimeout())
                .isEqualTo(30);
    }

    @Test
    void strict_transport_security_is_sent_only_over_tls() throws Exception {
        assertThat(website.get("/").headers().firstValue("Strict-Transport-Security"))
                .isEmpty();
        HttpResponse<String> secure = website.get("/", "X-Forwarded-Proto", "https", "X-Forwarded-For", "203.0.113.7");
        assertThat(secure.headers().firstValue("Strict-Transport-Security").orElse(""))
                .startsWith("max-age=31536000")
                .doesNotContain("includeSubDomains");
    }

    /** Licence, article 3.1: no route leads to a list of offers. Check that of a new route before you add it here. */
    @Test
    void only_the_routes_in_this_list_exist() throws Exception {
        Set<String> routes = website.context().getBeansOfType(HandlerMapping.class).values().stream()
                .filter(RequestMappingHandlerMapping.class::isInstance)
                .map(RequestMappingHandlerMapping.class::cast)
                .flatMap(mapping -> mapping.getHandlerMethods().keySet().stream())
                .flatMap(info -> info.getPatternValues().stream()
                        .flatMap(pattern ->
                                info.getMethodsCondition().getMethods().isEmpty()
                                        ? Stream.of("* " + pattern)
                                        : info.getMethodsCondition().getMethods().stream()
                                                .map(method -> method + " " + pattern)))
                .collect(toSet());
        String month = "{month:\\d{4}-(?:0[1-9]|1[0-2])}";
        String version = "{version:[A-Za-z0-9._-]{1,32}}";
        assertThat(routes)
                .containsExactlyInAnyOrder(
                        "GET /",
                        "GET /offres",
                        "GET /offres/{id}",
                        "GET /offres/{id}/fragment",
                        "GET /modifications",
                        "GET /modifications.csv",
                        "GET /modifications.json",
                        "GET /modifications.atom",
                        "GET /logo",
                        "GET /robots.txt",
                        "GET /console",
                        "GET /console/sweeps",
                        "GET /console/sweeps/{id:\\d{1,18}}",
                        "GET /console/live",
                        "GET /console/removals",
                        "GET /console/removals/{sweep}/{decision:approve|refuse}",
                        "POST /console/removals/{sweep}/{decision:approve|refuse}",
                        "GET /console/reports",
                        "GET /console/reports/" + month,
                        "GET /console/reports/" + month + "/csv",
                        "GET /console/reports/" + month + "/{action:resend|delivered}",
                        "POST /console/reports/" + month + "/{action:resend|delivered}",
                        "GET /console/events",
                        "GET /console/events/replay",
                        "POST /console/events/replay",
                        "GET /console/duties",
                        "GET /console/duties/pack",
                        "GET /console/licence",
                        "POST /console/licence/notices",
                        "POST /console/licence/changes",
                        "GET /console/licence/" + version + "/{decision:accept|refuse|withdraw}",
                        "POST /console/licence/" + version + "/{decision:accept|refuse|withdraw}",
                        "GET /console/ledger",
                        "GET /console/ledger/check",
                        "GET /console/login",
                        "* /console/login/refused",
                        "GET /console/set-aside",
                        "GET /console/routes",
                        "GET /console/routes/{id}",
                        "* /console/**",
                        "GET /api/offres/{id}",
                        "GET /api/openapi.yaml",
                        "POST /api/views",
                        "* /error");
        Map<String, Integer> others = Map.ofEntries(
                Map.entry("/api", 404),
                Map.entry("/api/offres", 404),
                Map.entry("/api/offres/", 401),
                Map.entry("/offres/", 404),
                Map.entry("/offres/" + id + "/", 404),
                Map.entry("/offres/" + id + ".json", 404),
                Map.entry("/actuator", 404),
                Map.entry("/actuator/env", 404),
                Map.entry("/actuator/heapdump", 404),
                Map.entry("/error", 404),
                Map.entry("/openapi.yaml", 404),
                Map.entry("/templates/offre.html", 404),
                Map.entry("/console/..;/api/offres/" + id, 400),
                Map.entry("//offres/" + id, 400));
        for (Map.Entry<String, Integer> other : others.entrySet()) {
            assertThat(website.get(other.getKey()).statusCode())
                    .as(other.getKey())
                    .isEqualTo(other.getValue());
        }
    }

    /** Returns the header of a browser that sends a key as the password. */
    private static String basic(String key) {
        return "Basic " + Base64.getEncoder().encodeToString(("me:" + key).getBytes(StandardCharsets.UTF_8));
    }
}
