package fr.relais;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.quartz.CronExpression;

/**
 * The settings, checked. Their names, meanings and defaults are in {@code relais.properties}, beside this class in the jar.
 */
public final class Settings {

    private static final Map<String, String> DEFAULTS = defaults();

    private static final String TIMEOUT = "relais.source.timeout";
    private static final String RETRY_DELAY = "relais.source.retry-delay";
    private static final String RESUME_WITHIN = "relais.sweep.resume-within";
    private static final String BANNER_AFTER = "relais.display.banner-after";
    private static final String WITHDRAW_AFTER = "relais.display.withdraw-after";

    private static final String XITI_TAG = "relais.display.xiti-tag";
    private static final String TAG_PARAMETER = "[\\w.-]+=([\\w.~%,;:@/-]|\\{id})*";
    private static final String LOGO = "relais.display.logo";
    private static final String PUBLIC_URL = "relais.display.public-url";
    private static final String LICENCE_URL = "relais.display.licence-url";

    private static final String CHANGELOG_URI = "relais.changelog.uri";

    /** What decides which offers are in the mirror, and how old they may be. Everybody may read these values. */
    private static final List<String> OF_THE_METHOD = List.of(
            "relais.source.base-url",
            "relais.source.origins",
            "relais.source.page-size",
            "relais.source.window",
            "relais.sweep.cron",
            "relais.removal.guard",
            "relais.removal.confirm",
            BANNER_AFTER,
            WITHDRAW_AFTER);

    private static final String ROUTES = "relais.routes";

    private static final String BUDGET_REQUESTS = "relais.budget.requests-per-minute";
    private static final String BUDGET_OFFERS = "relais.budget.offers";
    private static final String BUDGET_UNOPENED = "relais.budget.unopened";
    private static final String BUDGET_SHARE = "relais.budget.share";
    private static final String BUDGET_KEY_OFFERS = "relais.budget.key-offers";
    private static final String BUDGET_SEARCH_ENGINES = "relais.budget.search-engines";

    private static final String COUNT_ROBOTS = "relais.report.count-robots";
    private static final String ZERO_VIEWS = "relais.report.zero-views";

    /** How often the triggers look; the routes use them as they are given. */
    private static final List<String> PERIODS = List.of(
            "relais.views.folder-period",
            "relais.views.key-period",
            "relais.report.period",
            "relais.changelog.period",
            "relais.watch.period");

    private final Map<String, String> values;

    /** A setting that is missing or cannot be used; the message names it and says what it takes. */
    public static final class Wrong extends IllegalArgumentException {
        private Wrong(String name, String problem) {
            super("Setting " + name + " " + problem);
        }
    }

    private Settings(Map<String, String> values) {
        this.values = Collections.unmodifiableMap(values);
        requireText("relais.source.client-id");
        requireText("relais.source.client-secret");
        requireUri("relais.source.base-url");
        requireUri("relais.source.token-url");
        require("relais.source.origins", text -> text.matches("[12](,[12])?"), "takes 1, 2 or 1,2");
        callsPerSecond();
        require(ROUTES, text -> text.isEmpty() || Files.isDirectory(Path.of(text)), "takes a folder");
        requireInteger("relais.source.concurrency", 1, 100);
        requireInteger("relais.source.page-size", 1, 150);
        requireInteger("relais.source.window", pageSize(), 100_000);
        require(
                "relais.sweep.cron",
                CronExpression::isValidExpression,
                "takes a Quartz cron expression such as 0 0 0/4 * * ?");
        requireBoolean("relais.sweep.on-start");
        requireBoolean("relais.removal.confirm");
        require(
                "relais.removal.guard",
                text -> text.matches("(0(\\.\\d{1,9})?|1(\\.0+)?)(,\\d{1,9})?"),
                "takes a share from 0 to 1, and after a comma a number of offers");
        // In milliseconds, because the routes use them as they are given.
        requireInteger(TIMEOUT, 1, 600_000);
        requireInteger(RETRY_DELAY, 1, 60_000);
        resumeWithin();
        require(
                WITHDRAW_AFTER,
                text -> withdrawAfter().compareTo(bannerAfter()) >= 0,
                "takes no shorter a time than " + BANNER_AFTER);
        requireUri(LICENCE_URL);
        require(PUBLIC_URL, text -> text.isEmpty() || isHttp(text), "takes an http or https address");
        require(
                XITI_TAG,
                text -> text.isEmpty()
                        || text.matches(TAG_PARAMETER + "(&" + TAG_PARAMETER + ")*") && text.contains("{id}"),
                "takes what is appended to a link, with {id} in it, such as at_campaign=example&at_offer={id}");
        require(
                LOGO,
                text -> text.isEmpty() || text.matches(".*\\.(svg|png|jpg|webp)") && Files.isReadable(Path.of(text)),
                "takes a file *.svg, *.png, *.jpg or *.webp that can be read");
        requireInteger(BUDGET_REQUESTS, 1, 10_000_000);
        requireInteger(BUDGET_OFFERS, 1, 1_000_000);
        require(BUDGET_UNOPENED, this::isUpToTheOffers, "takes a whole number from 0 to " + BUDGET_OFFERS);
        requireNumber(BUDGET_SHARE, 0, 1);
        requireInteger(BUDGET_KEY_OFFERS, 1, 10_000_000);
        require(
                BUDGET_SEARCH_ENGINES,
                text -> text.isEmpty() || text.matches("[\\w-]+(\\.[\\w-]+)+(,[\\w-]+(\\.[\\w-]+)+)*"),
                "takes domains such as googlebot.com,search.msn.com");
        requireText("relais.alert.uri");
        require(
                "relais.report.cron",
                CronExpression::isValidExpression,
                "takes a Quartz cron expression such as 0 0 6 1 * ?");
        require("relais.report.zone", Settings::isZone, "takes a time zone such as Europe/Paris");
        require("relais.report.from", text -> text.isEmpty() || text.matches("[^@]+@[^@]+"), "takes a mail address");
        require("relais.report.to", text -> text.matches("[^@]+@.+"), "takes a mail address");
        require(
                "relais.views.robots",
                text -> text.isEmpty() || Files.isReadable(Path.of(text)),
                "takes a file that can be read");
        requireBoolean(COUNT_ROBOTS);
        requireBoolean(ZERO_VIEWS);
        reportKeep();
        viewKeyWindow();
        PERIODS.forEach(this::duration);
        requireText("relais.report.uri");
        requireText(CHANGELOG_URI);
    }

    /** The environment variable that gives a setting. */
    public static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    }

    /** The names of all settings. */
    public static Set<String> names() {
        return DEFAULTS.keySet();
    }

    /**
     * @param given settings by their full name; what is not given has its default
     * @throws Wrong for the first setting that is unknown, missing or unusable
     */
    public static Settings of(Map<String, String> given) {
        given.keySet().stream()
                .filter(name -> !DEFAULTS.containsKey(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new Wrong(name, "does not exist; known are " + String.join(", ", DEFAULTS.keySet()));
                });
        Map<String, String> values = new TreeMap<>(DEFAULTS);
        given.forEach((name, value) -> values.put(name, value.strip()));
        return new Settings(values);
    }

    /** Every setting by its name, as the routes' placeholders want them; the secret is not among them. */
    Properties placeholders() {
        Properties placeholders = new Properties();
        values.forEach(placeholders::setProperty);
        placeholders.remove("relais.source.client-secret");
        placeholders.setProperty("relais.source.base-url", baseUrl());
        return placeholders;
    }

    String baseUrl() {
        return get("relais.source.base-url").replaceAll("/+$", "");
    }

    String clientId() {
        return get("relais.source.client-id");
    }

    String clientSecret() {
        return get("relais.source.client-secret");
    }

    String scope() {
        return get("relais.source.scope");
    }

    List<String> origins() {
        return Arrays.stream(get("relais.source.origins").split(",")).distinct().toList();
    }

    /** Infinity when there is no limit. */
    double callsPerSecond() {
        double calls = requireNumber("relais.source.calls-per-second", 0, 1_000);
        return calls == 0 ? Double.POSITIVE_INFINITY : calls;
    }

    int concurrency() {
        return Integer.parseInt(get("relais.source.concurrency"));
    }

    int pageSize() {
        return Integer.parseInt(get("relais.source.page-size"));
    }

    int window() {
        return Integer.parseInt(get("relais.source.window"));
    }

    /** The share of the mirror above which a sweep is held. */
    double guardedShare() {
        return Double.parseDouble(get("relais.removal.guard").split(",")[0]);
    }

    /** The number of offers above which a sweep is held; the share alone does not hold fewer. */
    long guardedNumber() {
        String[] guard = get("relais.removal.guard").split(",");
        return guard.length == 1 ? 1_000 : Long.parseLong(guard[1]);
    }

    Duration timeout() {
        return Duration.ofMillis(Long.parseLong(get(TIMEOUT)));
    }

    Duration retryDelay() {
        return Duration.ofMillis(Long.parseLong(get(RETRY_DELAY)));
    }

    Duration resumeWithin() {
        return duration(RESUME_WITHIN);
    }

    /** Age from which the mirror is stale. */
    public Duration bannerAfter() {
        return duration(BANNER_AFTER);
    }

    Duration withdrawAfter() {
        return duration(WITHDRAW_AFTER);
    }

    /** What is appended to the operator's link, with {@code {id}} for the offer's; empty when there is none. */
    public String xitiTag() {
        return get(XITI_TAG);
    }

    /** The operator's logo, if there is one. */
    public Optional<Path> logo() {
        return Optional.of(get(LOGO)).filter(text -> !text.isEmpty()).map(Path::of);
    }

    /** The address under which the public reaches the pages, without a slash at its end; nothing when each request names it. */
    public Optional<String> publicUrl() {
        return Optional.of(get(PUBLIC_URL)).filter(text -> !text.isEmpty()).map(text -> text.replaceAll("/+$", ""));
    }

    /** What robots are told on each page, or empty. */
    public String robots() {
        return get("relais.display.robots");
    }

    /** Where the licence can be read. */
    public String licenceUrl() {
        return get(LICENCE_URL);
    }

    /** How many offers a client without a key may ask for in a minute. */
    public int budgetRequestsPerMinute() {
        return Integer.parseInt(get(BUDGET_REQUESTS));
    }

    /** How many different offers a client without a key may open in a day. */
    public int budgetOffers() {
        return Integer.parseInt(get(BUDGET_OFFERS));
    }

    /** How many of these whatever others open. */
    public int budgetUnopened() {
        return Integer.parseInt(get(BUDGET_UNOPENED));
    }

    /** The share of the base, from 0 to 1, that all clients together may open in a day beyond that. */
    public double budgetShare() {
        return Double.parseDouble(get(BUDGET_SHARE));
    }

    /** How many different offers the holder of a key may open in a day. */
    public int budgetKeyOffers() {
        return Integer.parseInt(get(BUDGET_KEY_OFFERS));
    }

    /** The domains of the search engines that the budget does not bind. */
    public List<String> budgetSearchEngines() {
        return Arrays.stream(get(BUDGET_SEARCH_ENGINES).split(","))
                .filter(domain -> !domain.isEmpty())
                .toList();
    }

    /** Tells accounts apart without telling anything about the secret: 32 of the 256 bits of a digest. */
    String credentials() {
        String account = String.join("\n", get("relais.source.token-url"), clientId(), clientSecret(), scope());
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(account.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    String viewRobots() {
        return get("relais.views.robots");
    }

    Duration viewKeyWindow() {
        return duration("relais.views.key-window");
    }

    ZoneId reportZone() {
        return ZoneId.of(get("relais.report.zone"));
    }

    String reportCron() {
        return get("relais.report.cron");
    }

    boolean reportCountsRobots() {
        return Boolean.parseBoolean(get(COUNT_ROBOTS));
    }

    boolean reportHasZeroViews() {
        return Boolean.parseBoolean(get(ZERO_VIEWS));
    }

    Duration reportKeep() {
        return duration("relais.report.keep");
    }

    /** One of the texts of the monthly mail: {@code from}, {@code to}, {@code reply-to}, {@code bcc} or {@code licensee}. */
    String report(String text) {
        return get("relais.report." + text);
    }

    String changelogUri() {
        return get(CHANGELOG_URI);
    }

    /** The settings that shape the mirror, in the order in which they are told; none is a secret, and the address has no credentials. */
    Map<String, String> ofTheMethod() {
        Map<String, String> settings = new LinkedHashMap<>();
        OF_THE_METHOD.forEach(name -> settings.put(name, get(name)));
        URI address = URI.create(baseUrl());
        settings.put(
                "relais.source.base-url",
                address.getScheme() + "://" + address.getHost() + (address.getPort() < 0 ? "" : ":" + address.getPort())
                        + address.getPath());
        return settings;
    }

    String routes() {
        return get(ROUTES);
    }

    private String get(String name) {
        return values.get(name);
    }

    private void require(String name, Predicate<String> usable, String takes) {
        if (!usable.test(get(name))) {
            throw new Wrong(name, "is \"" + get(name) + "\" and " + takes);
        }
    }

    private void requireText(String name) {
        if (get(name).isEmpty()) {
            throw new Wrong(name, "is missing; give it, for instance as the environment variable " + variable(name));
        }
    }

    private void requireUri(String name) {
        require(name, Settings::isHttp, "takes an http or https address");
    }

    private static boolean isHttp(String text) {
        try {
            URI uri = URI.create(text);
            return uri.getHost() != null && List.of("http", "https").contains(uri.getScheme());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private boolean isUpToTheOffers(String text) {
        return text.matches("\\d{1,9}") && Integer.parseInt(text) <= budgetOffers();
    }

    private static boolean isZone(String text) {
        return ZoneId.getAvailableZoneIds().contains(text);
    }

    private void requireBoolean(String name) {
        require(name, text -> List.of("true", "false").contains(text), "takes true or false");
    }

    private void requireInteger(String name, int least, int most) {
        require(
                name,
                text -> text.matches("\\d{1,9}") && Integer.parseInt(text) >= least && Integer.parseInt(text) <= most,
                "takes a whole number from " + least + " to " + most);
    }

    private Duration duration(String name) {
        require(name, text -> text.matches("\\d{1,6}[smhd]"), "takes a time such as 30s, 10m, 4h or 2d");
        String text = get(name);
        long number = Long.parseLong(text.replaceAll("\\D", ""));
        return switch (text.replaceAll("\\d", "")) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    private double requireNumber(String name, int least, int most) {
        require(
                name,
                text -> text.matches("\\d{1,9}(\\.\\d{1,9})?")
                        && Double.parseDouble(text) >= least
                        && Double.parseDouble(text) <= most,
                "takes a number from " + least + " to " + most);
        return Double.parseDouble(get(name));
    }

    private static Map<String, String> defaults() {
        try (InputStream file = Settings.class.getResourceAsStream("/relais.properties");
                Reader reader = new InputStreamReader(file, StandardCharsets.UTF_8)) {
            Properties properties = new Properties();
            properties.load(reader);
            Map<String, String> defaults = new TreeMap<>();
            properties.stringPropertyNames().forEach(name -> defaults.put(name, properties.getProperty(name)));
            return Collections.unmodifiableMap(defaults);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
