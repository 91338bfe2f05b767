package fr.relais.web.console;

import fr.relais.settings.EndpointAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.CatchDefinition;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.DynamicRouterDefinition;
import org.apache.camel.model.EndpointRequiredDefinition;
import org.apache.camel.model.EnrichDefinition;
import org.apache.camel.model.ExpressionNode;
import org.apache.camel.model.FilterDefinition;
import org.apache.camel.model.FinallyDefinition;
import org.apache.camel.model.LogDefinition;
import org.apache.camel.model.LoopDefinition;
import org.apache.camel.model.MulticastDefinition;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.PollEnrichDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RecipientListDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RoutingSlipDefinition;
import org.apache.camel.model.SetBodyDefinition;
import org.apache.camel.model.SetHeaderDefinition;
import org.apache.camel.model.SetVariableDefinition;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.model.TransactedDefinition;
import org.apache.camel.model.TryDefinition;
import org.apache.camel.model.WhenDefinition;
import org.apache.camel.model.language.ConstantExpression;
import org.apache.camel.model.language.ExpressionDefinition;
import org.apache.camel.model.language.MethodCallExpression;
import org.apache.camel.model.language.SimpleExpression;

/**
 * A step of a route, as its file has it. Placeholders are not resolved, because a setting may be a secret. For the same
 * reason, addresses and headers are shown without what may be one.
 *
 * @param label what the step does
 * @param called the id of the route that the step calls, or null
 * @param isBlock whether the step only encloses other steps
 * @param steps the enclosed steps
 */
record RouteStep(String label, String called, boolean isBlock, List<RouteStep> steps) {

    private static final String DIRECT = "direct:";

    /** The headers whose value is no secret, whatever it is. */
    private static final Set<String> PUBLIC_HEADERS =
            Set.of("Content-Type", "Accept", "CamelHttpMethod", "CamelFileName");

    /**
     * Returns the steps of a route.
     *
     * @param routes the ids of the routes that have a page
     */
    static List<RouteStep> of(RouteDefinition route, Set<String> routes) {
        return steps(route.getOutputs(), routes);
    }

    private static List<RouteStep> steps(List<ProcessorDefinition<?>> definitions, Set<String> routes) {
        return definitions.stream()
                // These come from the routeConfiguration.
                .filter(definition -> !(definition instanceof OnExceptionDefinition))
                .map(definition -> step(definition, routes))
                .toList();
    }

    private static RouteStep step(ProcessorDefinition<?> definition, Set<String> routes) {
        if (definition instanceof ChoiceDefinition choice) {
            return choice(choice, routes);
        }
        String uri = uri(definition);
        String called = uri != null && uri.startsWith(DIRECT) ? uri.substring(DIRECT.length()) : null;
        List<RouteStep> steps = steps(enclosed(definition), routes);
        boolean isBlock =
                !steps.isEmpty() || definition instanceof CatchDefinition || definition instanceof FinallyDefinition;
        return new RouteStep(
                label(definition, uri), called != null && routes.contains(called) ? called : null, isBlock, steps);
    }

    /** Returns the enclosed steps. The outputs of a try from a file lack its catch and finally clauses. */
    private static List<ProcessorDefinition<?>> enclosed(ProcessorDefinition<?> definition) {
        if (!(definition instanceof TryDefinition attempt)) {
            return definition.getOutputs();
        }
        List<ProcessorDefinition<?>> steps = new ArrayList<>(attempt.getOutputsWithoutCatches());
        steps.addAll(attempt.getCatchClauses());
        if (attempt.getFinallyClause() != null) {
            steps.add(attempt.getFinallyClause());
        }
        return steps;
    }

    private static RouteStep choice(ChoiceDefinition choice, Set<String> routes) {
        List<RouteStep> branches = new ArrayList<>();
        for (WhenDefinition when : choice.getWhenClauses()) {
            branches.add(
                    new RouteStep("when " + text(when.getExpression()), null, true, steps(when.getOutputs(), routes)));
        }
        if (choice.getOtherwise() != null) {
            branches.add(new RouteStep(
                    "otherwise", null, true, steps(choice.getOtherwise().getOutputs(), routes)));
        }
        return new RouteStep("choice", null, true, branches);
    }

    private static String label(ProcessorDefinition<?> step, String uri) {
        if (uri != null) {
            String id = step.hasCustomIdAssigned() ? step.getId() + " → " : "";
            return id + uri;
        } else if (step instanceof BeanDefinition bean) {
            return bean.getRef() + "." + bean.getMethod();
        } else if (step instanceof SetBodyDefinition set) {
            return "body = " + text(set.getExpression());
        } else if (step instanceof SetVariableDefinition set) {
            return set.getName() + " = " + text(set.getExpression());
        } else if (step instanceof SetHeaderDefinition set) {
            return "header " + set.getName() + " = " + headerText(set);
        } else if (step instanceof LogDefinition log) {
            return "log " + (log.getLoggingLevel() == null ? "INFO" : log.getLoggingLevel()) + ": " + log.getMessage();
        } else if (step instanceof FilterDefinition filter) {
            return "if " + text(filter.getExpression());
        } else if (step instanceof SplitDefinition split) {
            return "for each of " + text(split.getExpression());
        } else if (step instanceof LoopDefinition loop) {
            return "while " + text(loop.getExpression());
        } else if (step instanceof CatchDefinition caught) {
            return "catch " + String.join(", ", caught.getExceptions())
                    + (caught.getOnWhen() == null
                            ? ""
                            : " when " + text(caught.getOnWhen().getExpression()));
        } else if (step instanceof TransactedDefinition transaction) {
            return "transacted " + transaction.getRef();
        } else if (step instanceof MulticastDefinition) {
            return "side by side";
        } else if (step instanceof TryDefinition) {
            return "try";
        } else if (step instanceof FinallyDefinition) {
            return "finally";
        } else if (step instanceof EnrichDefinition
                || step instanceof PollEnrichDefinition
                || step instanceof RecipientListDefinition
                || step instanceof RoutingSlipDefinition
                || step instanceof DynamicRouterDefinition) {
            return step.getShortName() + " " + addressText(((ExpressionNode) step).getExpression());
        } else if (step instanceof ExpressionNode node && node.getExpression() != null) {
            return step.getShortName() + " " + text(node.getExpression());
        }
        return step.getShortName();
    }

    /** Returns the address that a step calls, without its secrets; null when it calls none. */
    private static String uri(ProcessorDefinition<?> step) {
        String uri = null;
        if (step instanceof EndpointRequiredDefinition call) {
            uri = call.getEndpointUri();
        } else if (step instanceof ToDynamicDefinition call) {
            uri = call.getUri();
        }
        return uri == null ? null : EndpointAddress.withoutSecrets(uri);
    }

    /** Returns the expression that results in an address. */
    private static String addressText(ExpressionDefinition expression) {
        String text = text(expression);
        return expression instanceof MethodCallExpression ? text : EndpointAddress.withoutSecrets(text);
    }

    /** Returns the value of a header. Text in it may be a secret, unless the name says that it is not. */
    private static String headerText(SetHeaderDefinition header) {
        String text = text(header.getExpression());
        return PUBLIC_HEADERS.contains(header.getName())
                        || !(header.getExpression() instanceof ConstantExpression
                                || header.getExpression() instanceof SimpleExpression)
                        || text.matches("\\$\\{[^{}'\"]*}")
                ? text
                : "…";
    }

    private static String text(ExpressionDefinition expression) {
        if (expression == null) {
            return "";
        } else if (expression instanceof MethodCallExpression call) {
            return call.getRef() + "." + call.getMethod();
        }
        return String.valueOf(expression.getExpression());
    }
}
