package fr.relais.routes;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.model.RouteDefinition;

/**
 * Refuses a second route with the same id or {@code direct:} address. Otherwise Camel silently replaces the first
 * route, or does not start.
 */
final class DuplicateRoutes {

    private final RouteFile hooks;
    private final Map<String, RouteFile> byId = new HashMap<>();
    private final Map<String, RouteFile> byAddress = new HashMap<>();

    private DuplicateRoutes(RouteFile hooks) {
        this.hooks = hooks;
    }

    /** @param hooks the packed file whose routes may be replaced one by one */
    static void refuse(List<RouteFile> files, RouteFile hooks) {
        DuplicateRoutes duplicates = new DuplicateRoutes(hooks);
        // Packed files first, so that the mistake is in the other one.
        files.stream()
                .filter(file -> file != hooks)
                .sorted(Comparator.comparing(RouteFile::origin))
                .forEach(duplicates::add);
        hooks.routes().stream()
                .filter(hook -> !duplicates.byId.containsKey(hook.getId()))
                .forEach(duplicates::addHook);
    }

    private void add(RouteFile file) {
        for (RouteDefinition route : file.routes()) {
            String id = route.getId();
            RouteFile first = id == null ? null : byId.putIfAbsent(id, file);
            if (first != null) {
                throw duplicate(file, first, "id " + id, id, "Give this one another id" + orReplace(first, file));
            }
            String address = DirectCalls.source(route);
            RouteFile other = address == null ? null : byAddress.putIfAbsent(address, file);
            if (other != null) {
                throw duplicate(
                        file,
                        other,
                        "address " + address,
                        address,
                        "Give this one another address" + orReplace(other, file));
            }
        }
    }

    /** A hook that is in force, because no file has a route of its id. */
    private void addHook(RouteDefinition hook) {
        String address = DirectCalls.source(hook);
        RouteFile file = byAddress.get(address);
        if (file != null) {
            throw duplicate(
                    file,
                    hooks,
                    "address " + address,
                    address,
                    "Give it the id " + hook.getId() + " to replace the hook.");
        }
    }

    private static String orReplace(RouteFile first, RouteFile second) {
        return first == second || !first.isPacked()
                ? "."
                : ", or name the file " + first.name() + " to replace all of that.";
    }

    private static InvalidRouteFile duplicate(
            RouteFile file, RouteFile first, String what, String word, String remedy) {
        // In one file it is the second of the two.
        int line = file.line(1, word);
        return file.mistake(
                first == file ? file.line(line + 1, word) : line,
                "a route of the " + what + " is already in "
                        + (first == file ? "this file" : first.name() + (first.isPacked() ? " (packed)" : "")),
                remedy);
    }
}
