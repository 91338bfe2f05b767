package fr.relais.web.console;

import fr.relais.routes.RouteFigures;
import fr.relais.routes.RouteStatus;
import fr.relais.settings.EndpointAddress;
import fr.relais.web.Site;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.model.RouteDefinition;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** The page of the routes: which failed last and why, what each has done, and a picture of each. */
@Controller
class RoutesPage extends ConsolePage {

    /** The number of failures at the top of the page. */
    private static final int FAILURES = 10;

    private final Site site;
    private final MessageSource messages;

    RoutesPage(Site site, MessageSource messages) {
        super("routes", 50);
        this.site = site;
        this.messages = messages;
    }

    @GetMapping("/console/routes")
    String page(Model model) {
        return show(model);
    }

    @Override
    void fill(Model model) {
        List<RouteStatus> routes = site.relais().routes().all();
        model.addAttribute(
                "failures",
                routes.stream()
                        .filter(route -> route.lastFailure() != null)
                        .sorted(Comparator.comparing((RouteStatus route) ->
                                        route.lastFailure().at())
                                .reversed())
                        .limit(FAILURES)
                        .toList());
        Map<String, List<RouteStatus>> files = routes.stream()
                .collect(Collectors.groupingBy(RouteStatus::file, LinkedHashMap::new, Collectors.toList()));
        model.addAttribute("files", files);
    }

    @GetMapping("/console/routes/{id}")
    String route(@PathVariable String id, Locale locale, HttpServletResponse response, Model model) {
        RouteFigures routes = site.relais().routes();
        Optional<RouteDefinition> definition = routes.definition(id);
        if (definition.isEmpty()) {
            response.setStatus(HttpServletResponse.SC_NOT_FOUND);
            return "console/absent";
        }
        Set<String> ids = routes.all().stream().map(RouteStatus::id).collect(Collectors.toSet());
        model.addAttribute("route", routes.of(id).orElseThrow());
        model.addAttribute("configuration", definition.get().getRouteConfigurationId());
        model.addAttribute(
                "picture",
                RoutePicture.of(
                        EndpointAddress.withoutSecrets(
                                definition.get().getInput().getUri()),
                        RouteStep.of(definition.get(), ids),
                        messages.getMessage("route.picture", new Object[] {id}, locale)));
        return "console/route";
    }
}
