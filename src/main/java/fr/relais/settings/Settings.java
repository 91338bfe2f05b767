package fr.relais.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/** All settings, after a check. {@code relais.properties} in the jar has their names, meanings and defaults. */
public final class Settings {

    private static final Map<String, String> DEFAULTS = defaults();

    private static final String BASE_URL = "relais.source.base-url";

    private static final String CONSOLE_PASSWORD = "relais.console.password";

    private static final int MIN_PASSWORD_LENGTH = 12;

    /** The settings that decide which offers are in the mirror and how old they may be, in the order of publication. */
    private static final List<String> PUBLISHED = List.of(
            BASE_URL,
            "relais.source.origins",
            "relais.source.page-size",
            "relais.source.window",
            "relais.sweep.cron",
            "relais.removal.guard",
            "relais.removal.confirm",
            "relais.display.banner-after",
            "relais.display.withdraw-after");

    private final SettingValues values;
    private final SourceSettings source;
    private final String routes;
    private final SweepSettings sweep;
    private final RemovalSettings removal;
    private final DisplaySettings display;
    private final BudgetSettings budget;
    private final ReportSettings report;
    private final ViewSettings views;
    private final EventSettings events;
    private final Optional<Path> licenceProfile;
    private final Optional<Duration> wipeAfter;
    private final String changelogUri;
    private final AlertSettings alerts;
    private final boolean opensConsoleLocally;
    private final Optional<String> consolePassword;
    private final boolean traces;
    private final Path restoreFolder;

    private Settings(SettingValues values) {
        this.values = values;
        source = SourceSettings.of(values);
        routes = values.text("relais.routes", text -> text.isEmpty() || Files.isDirectory(Path.of(text)), "a folder");
        sweep = SweepSettings.of(values);
        removal = RemovalSettings.of(values);
        display = DisplaySettings.of(values);
        budget = BudgetSettings.of(values);
        alerts = AlertSettings.of(values);
        values.duration("relais.watch.period");
        values.requiredText("relais.watch.heartbeat-uri");
        report = ReportSettings.of(values);
        views = ViewSettings.of(values);
        events = EventSettings.of(values);
        restoreFolder = Path.of(values.requiredText("relais.restore.folder"));
        opensConsoleLocally = values.flag("relais.console.local");
        consolePassword = consolePassword(values.text(CONSOLE_PASSWORD));
        traces = values.flag("relais.trace");
        values.cron("relais.audit.cron", "0 45 4 * * ?");
        values.integer("relais.audit.offers", 1, 10_000);
        licenceProfile = values.readableFile("relais.licence.profile", ".*", "a file that can be read");
        wipeAfter = values.optionalDuration("relais.licence.wipe-after");
        changelogUri = values.requiredText("relais.changelog.uri");
        values.duration("relais.changelog.period");
    }

    /**
     * Returns the settings, if all of them are usable.
     *
     * @param given settings by their full name; the others have their default
     * @throws InvalidSetting for the first setting that is unknown, missing or unusable
     */
    public static Settings of(Map<String, String> given) {
        given.keySet().stream()
                .filter(name -> !DEFAULTS.containsKey(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new InvalidSetting(name, "does not exist; the settings are " + String.join(", ", names()));
                });
        Map<String, String> values = new TreeMap<>(DEFAULTS);
        values.putAll(given);
        return new Settings(new SettingValues(values));
    }

    /** Returns the names of all settings. */
    public static Set<String> names() {
        return DEFAULTS.keySet();
    }

    /** Returns the name of the environment variable for a setting. */
    public static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    }

    public SourceSettings source() {
        return source;
    }

    /** Returns the folder of route files that replace the packed ones or add to them; may be empty. */
    public String routes() {
        return routes;
    }

    public SweepSettings sweep() {
        return sweep;
    }

    public RemovalSettings removal() {
        return removal;
    }

    public DisplaySettings display() {
        return display;
    }

    public BudgetSettings budget() {
        return budget;
    }

    public ReportSettings report() {
        return report;
    }

    public ViewSettings views() {
        return views;
    }

    public EventSettings events() {
        return events;
    }

    /** Returns the file with the clauses of another licence text; empty for the packed ones. */
    public Optional<Path> licenceProfile() {
        return licenceProfile;
    }

    /** Returns how long after the seal the service wipes the mirror; empty for never. */
    public Optional<Duration> wipeAfter() {
        return wipeAfter;
    }

    public String changelogUri() {
        return changelogUri;
    }

    public AlertSettings alerts() {
        return alerts;
    }

    /** Returns the folder in which the fence of the database is remembered, so that a restore is noticed. */
    public Path restoreFolder() {
        return restoreFolder;
    }

    /** Returns whether requests from the machine itself open the console without a key. */
    public boolean opensConsoleLocally() {
        return opensConsoleLocally;
    }

    /** Returns whether the steps of the routes are logged. */
    public boolean traces() {
        return traces;
    }

    /** Returns the password of the name {@code operator}; empty when operators have only keys. */
    public Optional<String> consolePassword() {
        return consolePassword;
    }

    /** Checks the password without quoting it. */
    private static Optional<String> consolePassword(String password) {
        if (!password.isEmpty() && password.length() < MIN_PASSWORD_LENGTH) {
            throw new InvalidSetting(
                    CONSOLE_PASSWORD, "is too short and takes at least " + MIN_PASSWORD_LENGTH + " characters");
        }
        return Optional.of(password).filter(text -> !text.isEmpty());
    }

    /** Returns all settings by name, except the secrets, for the placeholders of the routes. */
    public Properties placeholders() {
        Properties placeholders = new Properties();
        placeholders.putAll(values.all());
        placeholders.remove("relais.source.client-secret");
        placeholders.remove(CONSOLE_PASSWORD);
        return placeholders;
    }

    /**
     * Returns the settings that shape the mirror, for publication. None of them is secret, and the address of the
     * source has no credentials.
     */
    public Map<String, String> published() {
        Map<String, String> published = new LinkedHashMap<>();
        PUBLISHED.forEach(name -> published.put(name, values.text(name)));
        URI address = URI.create(source.baseUrl());
        published.put(
                BASE_URL,
                address.getScheme() + "://" + address.getHost() + (address.getPort() < 0 ? "" : ":" + address.getPort())
                        + address.getPath());
        return published;
    }

    /**
     * Returns all settings by name without the parts that may be secret. A secret is replaced by {@code …}, and an
     * address by its beginning. An empty setting stays empty.
     */
    public Map<String, String> withoutSecrets() {
        Map<String, String> shown = new TreeMap<>(values.all());
        // The scope of some accounts has the client id.
        shown.replaceAll((name, value) -> value.replace(source.clientId(), "…"));
        shown.replaceAll((name, value) -> {
            if (value.isEmpty()) {
                return value;
            } else if (name.matches(".*(client-id|secret|password)")) {
                return "…";
            }
            return name.matches(".*(ur[il]|webhook|evidence)") ? EndpointAddress.withoutSecrets(value) : value;
        });
        return shown;
    }

    private static Map<String, String> defaults() {
        try (InputStream file = Settings.class.getResourceAsStream("/fr/relais/relais.properties");
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
