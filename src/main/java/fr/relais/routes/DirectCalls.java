package fr.relais.routes;

import fr.relais.failure.RelaisException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.model.EndpointRequiredDefinition;
import org.apache.camel.model.HasExpressionType;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A check that there is a route for each {@code direct:} address that is called. Without a route, each call would wait
 * for 30 seconds and then fail.
 */
final class DirectCalls {

    static final Pattern SETTING = Pattern.compile("\\{\\{([\\w.-]+)}}.*");

    private static final Pattern ADDRESS = Pattern.compile("(direct:)(?://)?([^?]+)(\\?.*)?");
    private static final Pattern PACKED_SOURCE = Pattern.compile("from:\\s+uri: \"?(direct:[\\w-]+)");

    /** The addresses that the application and {@code fr.relais.Relais} call. */
    private static final List<String> CALLED_FROM_JAVA = List.of(
            "direct:relais-approve-removals",
            "direct:relais-check-source",
            "direct:relais-count-views",
            "direct:relais-refuse-removals",
            "direct:relais-replay-events",
            "direct:relais-send-report",
            "direct:relais-start-removals",
            "direct:relais-sweep",
            "direct:relais-take-views");

    private static final Logger LOG = LoggerFactory.getLogger(DirectCalls.class);

    private final CamelContext camel;
    private final List<RouteFile> files;
    private final Map<String, RouteFile> packed;

    private record Call(String address, Place place) {}

    /**
     * @param files the route files in force
     * @param packed all packed files by name, including those that have been replaced
     */
    DirectCalls(CamelContext camel, List<RouteFile> files, Map<String, RouteFile> packed) {
        this.camel = camel;
        this.files = files;
        this.packed = packed;
    }

    /** Returns the {@code direct:} address by which a route is called; null when it has none. */
    static String source(RouteDefinition route) {
        return route.getInput() == null ? null : address(route.getInput().getEndpointUri());
    }

    /** Returns the address that a step calls, with its placeholders; null when it calls none or computes it. */
    static String target(NamedNode step) {
        String uri = null;
        if (step instanceof EndpointRequiredDefinition call) {
            uri = call.getEndpointUri();
        } else if (step instanceof ToDynamicDefinition call) {
            uri = call.getUri();
        } else if (step instanceof HasExpressionType enricher
                && enricher.getExpressionType() != null
                && "constant".equals(enricher.getExpressionType().getLanguage())
                && address(enricher.getExpressionType().getExpression()) != null) {
            uri = enricher.getExpressionType().getExpression();
        }
        return uri == null || step instanceof ToDynamicDefinition && uri.contains("${") ? null : uri;
    }

    /** Returns a {@code direct:} address without its options; null for any other address. */
    static String address(String uri) {
        Matcher address = ADDRESS.matcher(String.valueOf(uri));
        return address.matches() ? address.group(1) + address.group(2) : null;
    }

    /**
     * Checks all calls. A route that nothing calls is only logged, unless its address resembles a called one.
     *
     * @throws InvalidRouteFile for a called address without a route, and for a route whose address is misspelt
     * @throws UnusableSetting for a setting with an address that has no route
     */
    void require() {
        List<RouteDefinition> routes = ((ModelCamelContext) camel).getRouteDefinitions();
        Set<String> provided = routes.stream()
                .map(DirectCalls::source)
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(TreeSet::new));
        List<Call> calls = calls(routes);
        Set<String> called = calls.stream().map(Call::address).collect(Collectors.toCollection(TreeSet::new));
        called.addAll(sources(packed.values()));
        // Routes of the host may call routes of the files.
        routes.stream()
                .flatMap(Steps::of)
                .map(step -> address(resolved(target(step))))
                .filter(Objects::nonNull)
                .forEach(called::add);
        files.stream().filter(file -> !file.isPacked()).forEach(file -> requireCalled(file, called));
        Stream.concat(CALLED_FROM_JAVA.stream(), calls.stream().map(Call::address))
                .filter(address -> !provided.contains(address))
                .findFirst()
                .ifPresent(address -> {
                    throw missing(address, calls, provided);
                });
    }

    private RelaisException missing(String address, List<Call> calls, Set<String> provided) {
        // A file that replaces a packed file may lack one of its routes.
        Optional<RelaisException> replacement = files.stream()
                .filter(file -> !file.isPacked() && packed.containsKey(file.name()))
                .filter(file -> sources(List.of(packed.get(file.name()))).contains(address))
                .map(file -> (RelaisException) file.mistake(
                        0,
                        "it has no route from " + address
                                + ", which is called and which the packed file of this name has",
                        "Copy the route from the packed file."))
                .findFirst();
        return replacement.orElseGet(() -> calls.stream()
                .filter(call -> call.address.equals(address))
                .map(call -> call.place.mistake(
                        address, "there is no route from " + address, NearestName.remedy(address, provided)))
                .findFirst()
                .orElseThrow());
    }

    private List<Call> calls(List<RouteDefinition> routes) {
        List<Call> calls = new ArrayList<>();
        for (RouteFile file : files) {
            // By now, Camel has left out the routes whose precondition is not met.
            Stream<NamedNode> parts =
                    Stream.concat(file.routes().stream().filter(routes::contains), file.configurations().stream());
            parts.flatMap(Steps::of).forEach(step -> {
                String uri = target(step);
                String address = address(resolved(uri));
                if (address != null) {
                    Matcher setting = SETTING.matcher(uri);
                    calls.add(new Call(
                            address,
                            setting.matches() ? Place.setting(setting.group(1)) : file.place(step.getLineNumber())));
                }
            });
        }
        return calls;
    }

    private static void requireCalled(RouteFile file, Set<String> called) {
        for (RouteDefinition route : file.routes()) {
            String address = source(route);
            if (address != null && !called.contains(address)) {
                NearestName.of(address, called).ifPresent(nearest -> {
                    throw file.mistake(
                            file.line(1, address), "nothing calls " + address, "Did you mean " + nearest + "?");
                });
                // The Java code of the host may call it.
                LOG.warn("{}:{}: nothing calls {}", file.location(), file.line(1, address), address);
            }
        }
    }

    /**
     * Replaces the placeholders in an address by the values of the settings. Returns the address as it is when a
     * placeholder names no setting, and null for null.
     */
    private String resolved(String uri) {
        try {
            return uri == null ? null : camel.resolvePropertyPlaceholders(uri);
        } catch (IllegalArgumentException e) {
            return uri;
        }
    }

    private static Set<String> sources(Collection<RouteFile> files) {
        return files.stream()
                .flatMap(file ->
                        PACKED_SOURCE.matcher(String.join("\n", file.lines())).results())
                .map((MatchResult source) -> source.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
