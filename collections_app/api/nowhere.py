"""The answer under /api/ where no route is: 404 as JSON, because programs do not read pages."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt

_SENTENCE = "There is nothing at this address. Addresses end with a slash; /api/docs/ lists them."


@csrf_exempt
def nowhere(request: HttpRequest) -> JsonResponse:
    """404 for everybody and every method; it reads and changes nothing."""
    return JsonResponse({"error": {"code": "not_found", "sentence": _SENTENCE, "fields": {}}}, status=404)
