package fr.relais.routes;

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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PatternHelper;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** The route files in force: the packed ones, each replaced by the file of the same name in the folder, if there is one. */
public final class RouteFiles {

    private static final String SUFFIX = ".camel.yaml";

    private RouteFiles() {}

    /** A route file that cannot be loaded; the message names file, line and column. */
    public static final class Broken extends IllegalArgumentException {
        private Broken(String file, Throwable cause) {
            super("Route file " + file + " cannot be loaded: " + reason(cause));
        }

        private static String reason(Throwable cause) {
            Throwable root = cause;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            return String.valueOf(root.getMessage()).strip().replaceAll("\\s*\\R\\s*", " ");
        }
    }

    /**
     * A file that was loaded.
     *
     * @param origin {@code packed}, {@code replaced} or {@code added}; a file with the bytes of the packed one is that
     * @param definitions its routes, templates and configurations of routes, in this order
     */
    public record Loaded(Resource file, String origin, List<OptionalIdentifiedDefinition<?>> definitions) {

        /** Without its folder. */
        public String name() {
            return RouteFiles.name(file);
        }
    }

    public static List<Loaded> load(CamelContext camel, String folder) {
        Map<String, Resource> packed = packed();
        List<Loaded> loaded = new ArrayList<>();
        List<OptionalIdentifiedDefinition<?>> before = definitions(camel);
        for (Resource file : inForce(packed, folder)) {
            try {
                PluginHelper.getRoutesLoader(camel).loadRoutes(file);
            } catch (Exception e) {
                throw new Broken(file.getLocation(), e);
            }
            List<OptionalIdentifiedDefinition<?>> after = definitions(camel);
            List<OptionalIdentifiedDefinition<?>> known = before;
            loaded.add(new Loaded(
                    file,
                    origin(file, packed.get(name(file))),
                    after.stream()
                            .filter(definition -> known.stream().noneMatch(other -> other == definition))
                            .toList()));
            before = after;
        }
        loaded.forEach(file -> requireConfigurations(file, configurations(camel)));
        return loaded;
    }

    /** Camel would ignore the name of a configuration that is none, and failures would have no destination. */
    private static void requireConfigurations(Loaded file, Set<String> known) {
        for (OptionalIdentifiedDefinition<?> definition : file.definitions) {
            String wanted = definition instanceof RouteDefinition route ? route.getRouteConfigurationId() : null;
            if (wanted != null
                    && Arrays.stream(wanted.split(",")).anyMatch(pattern -> known.stream()
                            .noneMatch(id -> PatternHelper.matchPattern(id, pattern.strip())))) {
                throw new IllegalArgumentException("Route file " + file.file.getLocation() + ": " + definition.getId()
                        + " wants the routeConfigurationId " + wanted + "; there are " + String.join(", ", known));
            }
        }
    }

    private static Set<String> configurations(CamelContext camel) {
        return ((ModelCamelContext) camel)
                .getRouteConfigurationDefinitions().stream()
                        .map(RouteConfigurationDefinition::getId)
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<OptionalIdentifiedDefinition<?>> definitions(CamelContext camel) {
        Model model = (ModelCamelContext) camel;
        List<OptionalIdentifiedDefinition<?>> definitions = new ArrayList<>(model.getRouteDefinitions());
        definitions.addAll(model.getRouteTemplateDefinitions());
        definitions.addAll(model.getRouteConfigurationDefinitions());
        return definitions;
    }

    private static String origin(Resource file, Resource packed) {
        if (packed == null) {
            return "added";
        }
        return Arrays.equals(bytes(file), bytes(packed)) ? "packed" : "replaced";
    }

    public static byte[] bytes(Resource file) {
        try (InputStream content = file.getInputStream()) {
            return content.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(Resource file) {
        return file.getLocation().replaceFirst(".*[/:]", "");
    }

    /** In the order of their names; the locations tell packed files from those of the folder. */
    public static Collection<Resource> find(String folder) {
        return inForce(packed(), folder);
    }

    private static Collection<Resource> inForce(Map<String, Resource> packed, String folder) {
        Map<String, Resource> files = new TreeMap<>(packed);
        try {
            if (!folder.isEmpty()) {
                for (Path path : list(Path.of(folder))) {
                    files.put(
                            path.getFileName().toString(),
                            ResourceHelper.fromBytes("file:" + path, Files.readAllBytes(path)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files.values();
    }

    private static Map<String, Resource> packed() {
        Map<String, Resource> files = new TreeMap<>();
        try {
            for (org.springframework.core.io.Resource packed :
                    new PathMatchingResourcePatternResolver().getResources("classpath*:fr/relais/routes/*" + SUFFIX)) {
                String name = packed.getFilename();
                files.put(
                        name,
                        ResourceHelper.fromBytes("classpath:fr/relais/routes/" + name, packed.getContentAsByteArray()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            List<Path> files =
                    paths.filter(path -> path.toString().matches(".*\\.ya?ml")).toList();
            for (Path file : files) {
                if (!file.toString().endsWith(SUFFIX)) {
                    throw new IllegalArgumentException("Route file " + file + " would be ignored: name it *" + SUFFIX);
                }
            }
            return files;
        }
    }
}
