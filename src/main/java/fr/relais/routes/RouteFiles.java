package fr.relais.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;

import fr.relais.changelog.Method;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The route files in force: the packed files, and those of the folder. A file of the folder replaces the packed file
 * of the same name. A route of the folder also replaces the packed hook with the same id, so that an integrator can
 * replace one hook without copying the others.
 */
public final class RouteFiles {

    private static final String SUFFIX = ".camel.yaml";

    private static final String PACKAGE = "fr/relais/routes/";

    private static final String INDEX = "index";

    private static final String REBUILD = "Build relais.jar again.";

    /** The packed file whose routes can be replaced one by one. */
    private static final String HOOKS = "35-hooks.camel.yaml";

    private final CamelContext camel;
    private final List<RouteFile> files;
    private final OwnTransformation transformation;

    private RouteFiles(CamelContext camel, List<RouteFile> files, OwnTransformation transformation) {
        this.camel = camel;
        this.files = files;
        this.transformation = transformation;
    }

    /**
     * Adds the routes of all files in force to the context.
     *
     * @param folder the path of the folder; empty for the packed files only
     * @throws InvalidRouteFile for the first file that cannot be read, that uses an unknown setting, or that has the id
     *     or address of another route
     */
    public static RouteFiles load(CamelContext camel, String folder) {
        List<RouteFile> files = new ArrayList<>(find(folder));
        RouteFile hooks = Stream.concat(files.stream(), packed().values().stream())
                .filter(file -> file.isPacked() && file.name().equals(HOOKS))
                .findFirst()
                .orElseThrow();
        // Camel replaces a route with a later one that has the same id, so the packed hooks are loaded first.
        List<RouteFile> loaded =
                Stream.concat(Stream.of(hooks), files.stream()).distinct().toList();
        loaded.forEach(file -> file.addConfigurations(camel));
        loaded.forEach(file -> file.addRoutes(camel));
        files.forEach(file -> RouteChecks.requirePlaceholders(camel, file));
        DuplicateRoutes.refuse(files, hooks);
        return new RouteFiles(camel, files, OwnTransformation.of(camel, files, hooks));
    }

    /**
     * Looks for mistakes that would otherwise appear when the context starts or a route runs. Call when the beans are
     * bound. {@link #checkStatements} looks for mistakes in SQL, which requires the database. The calls between routes
     * are checked only when the context starts, because the host may still add routes. A mistake then stops the start.
     *
     * @throws InvalidRouteFile for the first mistake in a file
     * @throws UnusableSetting for a setting that a route cannot use
     */
    public void check() {
        new RouteChecks(camel, files).require();
        DirectCalls calls = new DirectCalls(camel, files, packed());
        try {
            camel.addStartupListener((context, alreadyStarted) -> {
                // Camel also calls the listener whenever a route is added to the started context.
                if (!alreadyStarted) {
                    calls.require();
                    transformation.require();
                }
            });
        } catch (Exception e) {
            throw new IllegalStateException("the context has been started already", e);
        }
    }

    /**
     * Makes sure that the tables and columns in the SQL of the folder's routes exist. Call when the tables of Relais
     * exist.
     *
     * @throws InvalidRouteFile for the first mistake in a file
     */
    public void checkStatements() {
        new RouteChecks(camel, files).requireStatements();
    }

    OwnTransformation transformation() {
        return transformation;
    }

    /** Returns the integrator's routes that change offers, as the changelog publishes them. */
    public List<Method.Route> transformations() {
        return transformation.routes();
    }

    /** Returns the files in force as the changelog publishes them, sorted by name. */
    public List<Method.RouteFile> described() {
        return files.stream()
                .map(file -> new Method.RouteFile(
                        file.name(),
                        file.origin(),
                        DigestUtils.sha256Hex(file.content()),
                        file.isPacked()
                                ? List.of()
                                : file.routes().stream()
                                        .map(OwnTransformation::described)
                                        .toList()))
                .toList();
    }

    /** Returns the files that {@link #load} would load, sorted by name. */
    static Collection<RouteFile> find(String folder) {
        Map<String, RouteFile> packed = packed();
        Map<String, RouteFile> found = new TreeMap<>(packed);
        found.putAll(inFolder(folder, packed));
        return found.values();
    }

    private static Map<String, RouteFile> packed() {
        return packed(RouteFiles.class.getClassLoader());
    }

    /**
     * Returns the packed files, which the index lists by name. Some class loaders, such as those of OSGi, cannot list
     * the files of a package.
     *
     * @throws InvalidRouteFile when the index or a listed file is missing, or when no file is listed
     */
    static Map<String, RouteFile> packed(ClassLoader loader) {
        Map<String, RouteFile> files = new TreeMap<>();
        new String(content(loader, INDEX), UTF_8)
                .lines()
                .forEach(name -> files.put(
                        name, new RouteFile(name, location(name), Method.Origin.PACKED, content(loader, name))));
        if (files.isEmpty()) {
            throw new InvalidRouteFile(location(INDEX), 0, "it lists no route file", REBUILD);
        }
        return files;
    }

    private static byte[] content(ClassLoader loader, String name) {
        try (InputStream file = loader.getResourceAsStream(PACKAGE + name)) {
            if (file == null) {
                throw new InvalidRouteFile(location(name), 0, "it is missing", REBUILD);
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String location(String name) {
        return "classpath:" + PACKAGE + name;
    }

    private static Map<String, RouteFile> inFolder(String folder, Map<String, RouteFile> packed) {
        if (folder.isEmpty()) {
            return Map.of();
        }
        try (Stream<Path> paths = Files.list(Path.of(folder))) {
            return paths.filter(path -> path.toString().matches("(?i).*\\.(ya?ml|camel\\.\\w+)"))
                    .sorted()
                    .map(path -> read(path, packed))
                    .collect(toMap(RouteFile::name, Function.identity()));
        } catch (IOException e) {
            throw new InvalidRouteFile(folder, 0, "the folder cannot be read", "Check the setting relais.routes.");
        }
    }

    private static RouteFile read(Path path, Map<String, RouteFile> packed) {
        String name = path.getFileName().toString();
        if (!name.endsWith(SUFFIX)) {
            throw new InvalidRouteFile(
                    path.toString(),
                    0,
                    "it would not be loaded, because its name does not end with " + SUFFIX,
                    "Rename it to " + name.replaceFirst("(\\.camel)?\\.\\w+$", SUFFIX) + ".");
        }
        try {
            byte[] content = Files.readAllBytes(path);
            return new RouteFile(name, path.toString(), origin(content, packed.get(name)), content);
        } catch (IOException e) {
            throw new InvalidRouteFile(path.toString(), 0, "it cannot be read", "Check its permissions.");
        }
    }

    /** Returns the origin of a file in the folder. A copy of the packed file counts as packed. */
    private static Method.Origin origin(byte[] content, RouteFile packed) {
        if (packed == null) {
            return Method.Origin.ADDED;
        }
        return Arrays.equals(content, packed.content()) ? Method.Origin.PACKED : Method.Origin.REPLACED;
    }
}
