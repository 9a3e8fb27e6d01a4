"""The API routes of this app, under /api/v1/."""

from django.urls import path

from customers.api import views

urlpatterns = [
    path("customers/", views.Customers.as_view(), name="api_customers"),
    path("customers/<str:number>/", views.CustomerDetail.as_view(), name="api_customer"),
    path("customers/<str:number>/contacts/", views.Contacts.as_view(), name="api_contacts"),
    path("customers/<str:number>/contacts/<int:contact_id>/", views.ContactDetail.as_view(), name="api_contact"),
]
